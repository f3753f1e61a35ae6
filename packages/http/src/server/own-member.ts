/**
 * Reads a member that an object itself has.
 *
 * Whoever wrote the JSON chose its names, and an ordinary read of `constructor` or `toString` gives what every object
 * inherits. The same holds for a table of one's own that is asked by a name from outside.
 *
 * @returns The member; undefined when the object has none of that name, `__proto__` included.
 */
export function ownMember<Value>(members: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

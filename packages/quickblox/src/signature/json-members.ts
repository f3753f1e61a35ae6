/** A value that is no group. */
export interface Scalar {
  /** Text as it is meant, a number as it is written; undefined where the value is null or undefined. */
  readonly text: string | undefined;
  /** As JSON writes it; undefined where JSON has nothing. */
  readonly source: string | undefined;
}

/** A member of an object: a value, or a group of values. */
export type Member = readonly [name: string, value: Scalar | readonly (readonly [name: string, value: Scalar])[]];

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Reads the members of a JSON object as they are written: every number with its own digits, in the order of writing,
 * and a name as often as it is given.
 *
 * `JSON.parse` keeps none of these, and QuickBlox signs what it receives.
 *
 * @throws {SyntaxError} For what is no JSON.
 * @throws {TypeError} For what is no object of texts and numbers, and of groups of these.
 */
export function parseMembers(text: string): Member[] {
  JSON.parse(text); // from here on it is known to be JSON
  const tokens = (text.match(token) ?? []).values();
  if (next(tokens) !== '{') throw new TypeError('not an object');
  return readObject(tokens, (first) => (first === '{' ? readObject(tokens, readScalar) : readScalar(first)));
}

/** Whether a value's JSON is a number with a fraction or an exponent, or zero with a sign. */
export function isRenderedDifferently(source: string | undefined): boolean {
  return source !== undefined && /^-?\d+[.e]|^-0$/i.test(source);
}

/** Writes an object as JSON does, without spaces. */
export function formatMembers(members: readonly (readonly [name: string, source: string | undefined])[]): string {
  const written = members.flatMap(([name, source]) =>
    source === undefined ? [] : `${JSON.stringify(name)}:${source}`,
  );
  return `{${written.join(',')}}`;
}

function readObject<Value>(tokens: Iterator<string>, read: (first: string) => Value): [name: string, value: Value][] {
  const members: [string, Value][] = [];
  for (let one = next(tokens); one !== '}'; one = next(tokens)) {
    if (one === ',') continue;
    next(tokens); // the colon
    members.push([JSON.parse(one), read(next(tokens))]);
  }
  return members;
}

function readScalar(source: string): Scalar {
  if (/^[{[tf]/.test(source)) throw new TypeError('a list, a group in a group, or a truth value');
  if (source === 'null') return { text: undefined, source };
  return { text: source.startsWith('"') ? JSON.parse(source) : source, source };
}

function next(tokens: Iterator<string>): string {
  return tokens.next().value ?? '}';
}

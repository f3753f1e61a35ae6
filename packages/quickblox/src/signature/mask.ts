import type { Pair } from './received.ts';

/**
 * Names that the guide and the reference know, with the form of those values that may be shown.
 *
 * In a text that was put together wrongly, a value can hold anything that stood behind it. So a value is shown only
 * in a form that no password or token fits in, and a login never.
 */
const documented: ReadonlyMap<string, RegExp | undefined> = new Map([
  ['application_id', /^\d{1,12}$/],
  ['auth_key', undefined],
  ['timestamp', /^\d{1,16}$/],
  ['nonce', /^-?\d{1,20}$/],
  ['signature', undefined],
  ['auth_secret', undefined],
  ['user[login]', undefined],
  ['user[email]', undefined],
  ['user[password]', undefined],
  ['user[owner_id]', undefined],
  ['provider', /^(?:facebook|twitter|twitter_digits|firebase_phone)$/],
  ['scope', undefined],
  ['keys[token]', undefined],
  ['keys[secret]', undefined],
  ['firebase_phone[project_id]', undefined],
  ['firebase_phone[access_token]', undefined],
  ['device[platform]', undefined],
  ['device[udid]', undefined],
]);

/** The documented names, and what becomes of them where a group is written in another form. */
const spelled: ReadonlySet<string> = new Set(
  [...documented.keys()].flatMap((name) => {
    const [outer = '', inner] = name.split(/[[\]]/);
    return inner === undefined ? [name] : [name, outer, inner, `${outer}.${inner}`];
  }),
);

const hidden = '[redacted]';

/** Whether the guide or the reference knows a parameter of this name. */
export function isDocumented(name: string): boolean {
  return documented.has(name);
}

/**
 * Gives a name back when the guide knows it or its parts, and undefined for any other.
 *
 * Any other could be part of a password: an ampersand that was not escaped makes a name of what follows it.
 */
export function showName(name: string): string | undefined {
  return spelled.has(name) ? name : undefined;
}

/** Writes parameters as they are signed, without any value that could be a secret or hold one. */
export function maskParameters(pairs: readonly Pair[], secret: string): string {
  const secrets = new Set([secret]);
  for (const [name, value] of pairs) if (documented.get(name) === undefined) secrets.add(value);
  const show = ([name, value]: Pair): string =>
    documented.get(name)?.test(value) === true && !secrets.has(value) ? value : hidden;
  return pairs.map((pair) => `${showName(pair[0]) ?? '(another)'}=${show(pair)}`).join('&');
}

import type { Pair } from './received.ts';

/** Names that the guide knows; `true` where the value is no secret. */
const documented: ReadonlyMap<string, boolean> = new Map([
  ['application_id', true],
  ['auth_key', false],
  ['timestamp', true],
  ['nonce', true],
  ['signature', false],
  ['auth_secret', false],
  ['user[login]', true],
  ['user[email]', true],
  ['user[password]', false],
  ['user[owner_id]', true],
  ['provider', true],
  ['scope', true],
  ['keys[token]', false],
  ['keys[secret]', false],
  ['firebase_phone[project_id]', true],
  ['firebase_phone[access_token]', false],
  ['device[platform]', true],
  ['device[udid]', false],
]);

const hidden = '[redacted]';
const identifier = /^[a-z][a-z_]{0,39}(?:\[[a-z_]{1,40}\])?$/;

/** Whether the guide or the reference knows a parameter of this name. */
export function isDocumented(name: string): boolean {
  return documented.has(name);
}

/**
 * Writes a name for people, unless it could be part of a password: in a form, an ampersand that was not escaped makes
 * a name of what follows it.
 *
 * @param isStructured Whether names and values came apart from each other, as in JSON.
 */
export function showName(name: string, isStructured: boolean): string | undefined {
  return documented.has(name) || (isStructured && identifier.test(name)) ? name : undefined;
}

/** Writes parameters as they are signed, without any value that could be a secret. */
export function maskParameters(pairs: readonly Pair[], secret: string, isStructured: boolean): string {
  const secrets = [
    secret,
    ...pairs.filter(([name, value]) => documented.get(name) !== true && value !== '').map(([, value]) => value),
  ];
  const show = ([name, value]: Pair): string =>
    documented.get(name) === true && !secrets.some((one) => value.includes(one)) ? value : hidden;
  return pairs.map((pair) => `${showName(pair[0], isStructured) ?? '(another)'}=${show(pair)}`).join('&');
}

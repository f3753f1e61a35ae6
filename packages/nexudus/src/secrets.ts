import { Secret, toSecret } from '@x/crypto';

/** One secret, or several during a rotation, newest first. */
export type SecretOption = string | Secret | readonly (string | Secret)[];

/**
 * Wraps one secret or a list of them.
 *
 * @throws {TypeError} Naming the option when there is none, or one is empty or not text.
 * @throws {RangeError} When one holds a lone surrogate.
 */
export function resolveSecrets(option: string, value: SecretOption): readonly Secret[] {
  const list: readonly (string | Secret)[] =
    typeof value === 'string' || value instanceof Secret ? [value] : asList(value);
  if (list.length === 0) throw new TypeError(`${option} must hold at least one secret`);
  return Object.freeze(
    list.map((secret) => {
      try {
        return toSecret(secret);
      } catch (error) {
        const Failure = error instanceof RangeError ? RangeError : TypeError;
        throw new Failure(`${option} must be text that is not empty and well-formed, or a Secret, or a list of them`);
      }
    }),
  );
}

/** A secret made by another installed copy of `@x/crypto` is no list: it is left to `toSecret`. */
function asList(value: SecretOption): readonly (string | Secret)[] {
  return Array.isArray(value) ? value : [value as Secret];
}

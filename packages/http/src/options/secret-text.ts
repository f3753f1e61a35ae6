import { type Secret, toSecret } from '@x/crypto/light';

/** Tells whether a value is a secret, or text that can be signed and sent as one: well-formed and not empty. */
export function isSecretText(value: unknown): value is string | Secret {
  return textOf(value) !== undefined;
}

/** Tells whether a value is a secret, or text, of visible ASCII, which every header field takes as it is. */
export function isVisibleSecretText(value: unknown): value is string | Secret {
  return /^[\x21-\x7e]+$/.test(textOf(value) ?? '');
}

/**
 * Tells whether a secret has no white space around it: text that was read from a file has its last line end, and every
 * signature made with that is refused.
 */
export function isTrimmedSecret(value: string | Secret): boolean {
  const text = textOf(value) ?? '';
  return text === text.trim();
}

function textOf(value: unknown): string | undefined {
  try {
    return toSecret(value as string | Secret).reveal();
  } catch {
    return undefined; // neither text nor a secret, empty, or with a lone surrogate
  }
}

import { type Secret, toSecret } from '@x/crypto';

/** Whether a value is text that can be signed and sent, or a secret of such text; empty text is neither. */
export function isSecretText(value: unknown): value is string | Secret {
  try {
    toSecret(value as string | Secret);
    return true;
  } catch {
    return false; // neither text nor a secret, empty, or with a lone surrogate
  }
}

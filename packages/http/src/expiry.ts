import type { RenewableCredentialOptions } from './renewable-credential-options.ts';

type ExpiryOptions<Value> = Pick<RenewableCredentialOptions<Value>, 'expiresAtMs'>;

/** When a value ends, in milliseconds since 1970; undefined when nobody knows; `NaN` when that cannot be read. Never throws. */
export function readExpiry<Value>(options: ExpiryOptions<Value>, value: Value): number | undefined {
  try {
    const atMs = options.expiresAtMs(value);
    const isTime = atMs === undefined || atMs === Number.POSITIVE_INFINITY || Number.isFinite(atMs);
    return isTime ? atMs : Number.NaN;
  } catch {
    return Number.NaN; // of another shape
  }
}

/** @throws {TypeError} When a value's end cannot be read: it would neither end nor last, and lie in the store as `null`. */
export function assertExpiry<Value>(options: ExpiryOptions<Value>, value: Value): void {
  if (Number.isNaN(readExpiry(options, value))) throw new TypeError(expiryMistake);
}

export const expiryMistake = 'expiresAtMs must give milliseconds since 1970, Infinity or undefined';

import type { JsonValue } from '@x/crypto/light';
import { canonicalJson } from './canonical-json.ts';
import { CredentialError } from './errors.ts';
import { expiryMistake, readExpiry } from './expiry.ts';
import type { RenewableCredentialOptions } from './renewable-credential-options.ts';

type IssuedValueOptions<Value> = Pick<RenewableCredentialOptions<Value>, 'provider' | 'expiresAtMs' | 'store'>;

/** Whether a value survives the way to the store, if there is one. */
export function isStorable<Value>({ store }: IssuedValueOptions<Value>, value: Value): boolean {
  if (store === undefined) return true;
  try {
    canonicalJson(value as JsonValue);
    return true;
  } catch {
    return false; // a bigint, a cycle, or nothing at all
  }
}

/** @throws {CredentialError} When what was issued shows a mistake in the options; its text names the option. */
export function assertKeepable<Value>(options: IssuedValueOptions<Value>, value: Value): void {
  const message = Number.isNaN(readExpiry(options, value))
    ? expiryMistake
    : isStorable(options, value)
      ? undefined
      : 'issue must give a value that JSON can carry to the store';
  if (message === undefined) return;
  const cause = new TypeError(message);
  throw new CredentialError({ provider: options.provider, code: 'credential.renewal-failed', message, cause });
}

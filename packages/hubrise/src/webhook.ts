import { constantTimeEqual, decodeHex, hmac, type Secret, sha256, toSecret } from '@x/crypto';

/** A delivery as it arrived. */
export interface CallbackDelivery {
  /** The raw bytes of the body. Parsed and written again, they no longer match. */
  readonly body: Uint8Array;
  /** The header fields, as `Headers` or as Node gives them. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Options of {@link verifyCallback}. */
export interface VerifyCallbackOptions {
  /** Client secrets, newest first; keep the previous one while a new one is rolled out. */
  readonly secrets: readonly (string | Secret)[];
}

/** Why a delivery is not proven to come from HubRise. */
export type CallbackReason = 'header-missing' | 'header-repeated' | 'signature-malformed' | 'signature-mismatch';

/** A delivery that HubRise signed, or why it does not count. */
export type VerifyCallbackResult =
  | {
      readonly ok: true;
      /** The bytes that were signed: parse these. */
      readonly body: Uint8Array;
      /** Index of the secret that matched; above 0, HubRise still signs with an older one. */
      readonly secretIndex: number;
    }
  | { readonly ok: false; readonly reason: CallbackReason };

const signatureHeader = 'x-hubrise-hmac-sha256';
const signatureLength = 64;

/**
 * Checks the signature of a callback: HMAC-SHA256 of the raw body under the client secret, in lower-case hex.
 *
 * Nothing in it is dated, so a captured delivery can be sent again: remember the event's `id`. Any answer below 500
 * acknowledges the delivery and HubRise drops the event, also when the reason lies on this side.
 *
 * @returns The signed bytes, or the reason of refusal. Never throws for any delivery.
 * @throws {TypeError} When there is no secret, or an empty one.
 * @see HubRise fact sheet §14.3, §14.4, §16.
 */
export function verifyCallback(
  { body, headers }: CallbackDelivery,
  { secrets }: VerifyCallbackOptions,
): VerifyCallbackResult {
  if (!Array.isArray(secrets) || secrets.length === 0)
    throw new TypeError('secrets must be a list of at least one secret');
  const keys = (secrets as readonly (string | Secret)[]).map((secret) => toSecret(secret).reveal());
  const [signature, ...others] = signaturesOf(headers);
  if (signature === undefined) return { ok: false, reason: 'header-missing' };
  if (others.length > 0) return { ok: false, reason: 'header-repeated' };
  const claimed = signature.length === signatureLength ? readHex(signature) : undefined;
  if (claimed === undefined) return { ok: false, reason: 'signature-malformed' };
  const secretIndex = keys.findIndex((key) => constantTimeEqual(hmac(sha256, key, body), claimed));
  return secretIndex === -1 ? { ok: false, reason: 'signature-mismatch' } : { ok: true, body, secretIndex };
}

/** `Headers` joins repeated fields with a comma, which no signature contains. */
function signaturesOf(headers: CallbackDelivery['headers']): readonly string[] {
  const values = isHeaders(headers)
    ? [headers.get(signatureHeader)?.split(',') ?? []]
    : Object.entries(headers)
        .filter(([name]) => name.toLowerCase() === signatureHeader)
        .map(([, value]) => value ?? []);
  return values.flat().map((value) => value.trim());
}

function isHeaders(headers: CallbackDelivery['headers']): headers is Headers {
  return typeof headers.get === 'function';
}

function readHex(text: string): Uint8Array | undefined {
  try {
    return decodeHex(text);
  } catch {
    return undefined;
  }
}

import { constantTimeEqual, decodeUtf8, encodeHex, hmac, type JsonObject, type Secret, sha256 } from '@x/crypto';
import { resolveSecrets, type SecretOption } from './secrets.ts';

/** A delivery as it arrived. */
export interface Delivery {
  /** The body's bytes, untouched: parsed and written again they no longer match. */
  readonly body: Uint8Array;
  /** The header fields, as `Headers` or as Node gives them. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Options of {@link verifyDelivery}. */
export interface VerifyDeliveryOptions {
  /**
   * The shared secret of the webhook, which need not be the application's; during a rotation several, newest first.
   * Nexudus signs with `?` in place of every character beyond ASCII, so those add nothing to its strength.
   */
  readonly secret: SecretOption;
}

/** Why a delivery was refused, in the order of the checks. */
export type VerifyDeliveryReason =
  | 'header-missing'
  | 'signature-malformed'
  | 'signature-mismatch'
  | 'body-not-json'
  | 'event-invalid';

/** What a delivery is: one record, or why it was refused. */
export type VerifyDeliveryResult =
  | {
      readonly ok: true;
      /** The record. Take it as a hint and read it again by its `Id`: see {@link verifyDelivery}. */
      readonly record: JsonObject;
      /** `ascii`: signed as Nexudus documents it, or the body is pure ASCII. `raw`: over the bytes as sent. */
      readonly matched: 'ascii' | 'raw';
      /** Index of the secret that matched. */
      readonly secretIndex: number;
    }
  | { readonly ok: false; readonly reason: VerifyDeliveryReason };

/**
 * Checks a webhook delivery and parses it only after its signature holds.
 *
 * Nexudus signs the text with every UTF-16 code unit beyond ASCII replaced by `?`, while it sends UTF-8. Both that
 * form and the raw bytes are accepted. The former loses information: two bodies that differ only in which characters
 * they hold there share a signature. And nothing in a delivery tells its time, its event or a repetition. So read the
 * record again by its `Id`, and put what must be known into the webhook's URL.
 *
 * @param delivery Body and header fields.
 * @param options See {@link VerifyDeliveryOptions}.
 * @returns The one record of the delivery, or the reason of refusal. Never throws for any bytes.
 * @throws {TypeError} When there is no secret, `body` is no Uint8Array, or `headers` are no object.
 * @see Nexudus fact sheet §10.2 and §10.3; vectors W1 to W5.
 */
export function verifyDelivery(delivery: Delivery, options: VerifyDeliveryOptions): VerifyDeliveryResult {
  const secrets = resolveSecrets('secret', options.secret);
  if (Object.prototype.toString.call(delivery.body) !== '[object Uint8Array]') {
    throw new TypeError('body must be a Uint8Array of the bytes as they came');
  }
  const signature = signatureOf(delivery.headers);
  if (signature === '') return { ok: false, reason: 'header-missing' };
  if (!/^[0-9a-f]{64}$/i.test(signature)) return { ok: false, reason: 'signature-malformed' };

  const text = toText(delivery.body);
  const match = findSignature(delivery.body, text, signature.toLowerCase(), secrets);
  if (match === undefined) return { ok: false, reason: 'signature-mismatch' };

  const value = parseJson(text);
  if (value === undefined) return { ok: false, reason: 'body-not-json' };
  const records: readonly unknown[] = Array.isArray(value) ? value : [value]; // documented as a list of exactly one
  const [record] = records;
  if (records.length !== 1 || !isObject(record)) return { ok: false, reason: 'event-invalid' };
  return { ok: true, record, ...match };
}

type Match = { readonly matched: 'ascii' | 'raw'; readonly secretIndex: number };

/** Computes and compares every candidate, so that the time does not tell which came close. */
/** Several values are one text with commas, as `Headers` gives them, and then no signature. */
function signatureOf(headers: Delivery['headers']): string {
  if (typeof headers !== 'object' || headers === null) {
    throw new TypeError("headers must be a Headers, or fields as Node's request has them");
  }
  const name = 'x-nexudus-hook-signature';
  if (isHeaders(headers)) return headers.get(name)?.trim() ?? '';
  const values = Object.entries(headers).flatMap(([field, value]) =>
    field.toLowerCase() === name ? (value ?? []) : [],
  );
  return values.join(', ').trim();
}

function isHeaders(headers: Delivery['headers']): headers is Headers {
  return typeof headers.get === 'function';
}

function findSignature(
  body: Uint8Array,
  text: string | undefined,
  signature: string,
  secrets: readonly Secret[],
): Match | undefined {
  const matches: Match[] = [];
  for (const [secretIndex, secret] of secrets.entries()) {
    const key = toAscii(secret.reveal());
    const candidates = [
      ...(text === undefined ? [] : [{ matched: 'ascii', bytes: hmac(sha256, key, toAscii(text)) } as const]),
      { matched: 'raw', bytes: hmac(sha256, key, body) } as const,
      { matched: 'raw', bytes: hmac(sha256, secret.reveal(), body) } as const,
    ];
    for (const { matched, bytes } of candidates) {
      if (constantTimeEqual(encodeHex(bytes), signature)) matches.push({ matched, secretIndex });
    }
  }
  return matches[0];
}

/** What .NET's ASCII encoder makes of a text: one `?` for each UTF-16 code unit that it cannot write. */
function toAscii(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/g, '?');
}

/** The body as text without its byte-order mark; undefined when it is not UTF-8. */
function toText(body: Uint8Array): string | undefined {
  try {
    return decodeUtf8(body).replace(/^\u{FEFF}/u, '');
  } catch {
    return undefined;
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { formatJson, isPlainObject, isShallow, type JsonObject } from './json.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** What a sealed token says. */
export interface SealedPayload {
  readonly subject: string;
  readonly claims: JsonObject;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number | undefined;
  /** Unique for each token. */
  readonly id: string;
}

/**
 * Writes the payload as JSON: the registered claims as PASETO spells them, times in ISO 8601 to the millisecond, and
 * the user's claims under `claims`, where none of them can pass for a registered one.
 *
 * @throws As {@link formatJson} does, when a claim is not JSON.
 * @see PASETO specification, "Registered Claims"
 */
export function encodePayload({ subject, claims, issuedAtMs, expiresAtMs, id }: SealedPayload): Uint8Array {
  const sub = JSON.stringify(subject);
  const exp = expiresAtMs === undefined ? '' : `,"exp":${formatTime(expiresAtMs)}`;
  const text = `{"sub":${sub},"iat":${formatTime(issuedAtMs)}${exp},"jti":${JSON.stringify(id)}`;
  return encodeUtf8(`${text},"claims":${formatJson(claims, 'claims')}}`);
}

/** Reads a payload whose seal holds. `undefined` when something else than {@link encodePayload} wrote it. */
export function decodePayload(bytes: Uint8Array): SealedPayload | undefined {
  try {
    const payload: unknown = JSON.parse(decodeUtf8(bytes));
    if (!isPlainObject(payload)) return undefined;
    // Without a prototype, a member that is absent cannot be answered by one that someone polluted.
    const { sub, iat, exp, jti, claims }: Record<string, unknown> = Object.assign(Object.create(null), payload);
    const issuedAtMs = parseTime(iat);
    const expiresAtMs = exp === undefined ? undefined : parseTime(exp);
    if (typeof sub !== 'string' || typeof jti !== 'string' || !isPlainObject(claims)) return undefined;
    if (!isShallow(claims)) return undefined;
    return { subject: sub, claims: claims as JsonObject, issuedAtMs, expiresAtMs, id: jti };
  } catch {
    return undefined;
  }
}

function formatTime(ms: number): string {
  return `"${new Date(ms).toISOString()}"`;
}

function parseTime(text: unknown): number {
  const ms = Date.parse(String(text));
  if (new Date(ms).toISOString() !== text) throw new RangeError('time is not ISO 8601 to the millisecond');
  return ms;
}

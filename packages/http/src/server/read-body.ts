import { decodeUtf8, type JsonObject, type JsonValue } from '@x/crypto/light';
import { gatherBytes } from '../gather-bytes.ts';
import { letGo } from '../let-go.ts';
import { inRange } from '../number-options.ts';
import { nestsDeeper } from './json-depth.ts';

/** Why a body was refused as bytes. `body-encoded`: it is compressed, which no caller of ours needs. */
export type BodyReason = 'body-too-large' | 'body-encoded' | 'body-unreadable';
/** Why a body was refused as text. */
export type TextReason = BodyReason | 'body-not-utf8';
/** Why a body was refused as JSON. */
export type JsonReason = TextReason | 'body-not-json' | 'body-too-deep';

/** The bytes, or why there are none. */
export type ReadBodyResult =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly reason: BodyReason };
/** The text with its bytes, or why there is none. */
export type ReadTextResult =
  | { readonly ok: true; readonly text: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly reason: TextReason };
/** The JSON value with its bytes, or why there is none. */
export type ReadJsonResult =
  | { readonly ok: true; readonly value: JsonValue; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly reason: JsonReason };
/** The JSON object with its bytes, or why there is none. */
export type ReadJsonObjectResult =
  | { readonly ok: true; readonly value: JsonObject; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly reason: JsonReason | 'body-not-object' };

/** Options of {@link readBody}. */
export interface ReadBodyOptions {
  /** Bytes at most, whatever `Content-Length` says; counted while streaming. */
  readonly maxBytes: number;
  /** Stops the reading: the body then counts as unreadable. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link parseJsonObject}. */
export interface ParseJsonOptions {
  /** Levels of arrays and objects at most, 1 to 1,000; default 32. */
  readonly maxDepth?: number | undefined;
}

/** Options of {@link readJson}. */
export interface ReadJsonOptions extends ReadBodyOptions, ParseJsonOptions {}

/**
 * Reads a request's body as bytes.
 *
 * @returns The bytes, empty when there is no body, or the reason of refusal. Never throws for a stranger's input.
 * @throws {RangeError} When `maxBytes` is not a number from 0.
 */
export async function readBody(request: Request, { maxBytes, signal }: ReadBodyOptions): Promise<ReadBodyResult> {
  // compared with anything but a number, no body would ever be too large
  if (!(maxBytes >= 0)) throw new RangeError(`maxBytes must be a number from 0, got ${maxBytes}`);
  const { headers } = request;
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') return { ok: false, reason: 'body-encoded' };
  const length = headers.get('content-length');
  if (length !== null && Number(length) > maxBytes) return { ok: false, reason: 'body-too-large' };
  if (request.bodyUsed || isAborted(signal)) return { ok: false, reason: 'body-unreadable' };
  const { body } = request;
  if (body === null) return { ok: true, bytes: new Uint8Array(0) };
  if (body.locked) return { ok: false, reason: 'body-unreadable' };

  const reader = body.getReader();
  const stop = (): void => letGo(reader);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const gathered = gatherBytes();
    while (true) {
      const { done, value } = await reader.read();
      if (isAborted(signal)) return { ok: false, reason: 'body-unreadable' };
      if (done) return { ok: true, bytes: gathered.join() };
      if (!ArrayBuffer.isView(value)) throw new TypeError('expected a stream of bytes');
      if (gathered.byteLength + value.byteLength > maxBytes) {
        stop();
        return { ok: false, reason: 'body-too-large' };
      }
      gathered.add(value);
    }
  } catch {
    return { ok: false, reason: 'body-unreadable' };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Asked anew after each wait; a plain comparison would be narrowed away by the compiler. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Reads a request's body as strict UTF-8; a byte-order mark at the start is dropped. Never throws for a stranger's input. */
export async function readText(request: Request, options: ReadBodyOptions): Promise<ReadTextResult> {
  return toText(await readBody(request, options));
}

function toText(body: ReadBodyResult): ReadTextResult {
  if (!body.ok) return body;
  try {
    const text = decodeUtf8(body.bytes);
    return { ok: true, text: text.startsWith('\u{FEFF}') ? text.slice(1) : text, bytes: body.bytes };
  } catch {
    return { ok: false, reason: 'body-not-utf8' };
  }
}

/**
 * Reads a request's body as JSON of limited depth. Never throws for a stranger's input.
 *
 * @throws {RangeError} When `maxDepth` is out of range.
 */
export async function readJson(request: Request, options: ReadJsonOptions): Promise<ReadJsonResult> {
  const maxDepth = depthOf(options);
  return toJson(await readBody(request, options), maxDepth);
}

/**
 * Reads a request's body as a JSON object of limited depth, whose members are read with `ownMember`: a stranger chose
 * their names. Never throws for a stranger's input.
 *
 * @throws {RangeError} When `maxDepth` is out of range.
 */
export async function readJsonObject(request: Request, options: ReadJsonOptions): Promise<ReadJsonObjectResult> {
  return toObject(await readJson(request, options));
}

/**
 * Parses bytes as {@link readJsonObject} does, for a body that was read before: an empty one has a meaning, or its
 * signature came first. Never throws for any bytes.
 *
 * @throws {RangeError} When `maxDepth` is out of range.
 */
export function parseJsonObject(bytes: Uint8Array<ArrayBuffer>, options: ParseJsonOptions = {}): ReadJsonObjectResult {
  return toObject(toJson({ ok: true, bytes }, depthOf(options)));
}

function depthOf({ maxDepth = 32 }: ParseJsonOptions): number {
  return inRange('maxDepth', maxDepth, 1, 1000);
}

function toJson(read: ReadBodyResult, maxDepth: number): ReadJsonResult {
  const body = toText(read);
  if (!body.ok) return body;
  if (nestsDeeper(body.bytes, maxDepth)) return { ok: false, reason: 'body-too-deep' };
  try {
    return { ok: true, value: JSON.parse(body.text) as JsonValue, bytes: body.bytes };
  } catch {
    return { ok: false, reason: 'body-not-json' };
  }
}

function toObject(json: ReadJsonResult): ReadJsonObjectResult {
  if (!json.ok) return json;
  const { value, bytes } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, reason: 'body-not-object' };
  return { ok: true, value: value as JsonObject, bytes };
}

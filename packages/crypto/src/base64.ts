import { assertBytes, type Bytes } from './bytes.ts';
import { assertText } from './text.ts';

interface Variant {
  readonly name: string;
  readonly alphabet: string;
  readonly values: Int8Array;
  readonly padding: 'required' | 'refused';
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const base64: Variant = /* @__PURE__ */ defineVariant('base64', '+/', 'required');
const base64Url: Variant = /* @__PURE__ */ defineVariant('base64url', '-_', 'refused');

/**
 * Encodes bytes as base64 with padding.
 *
 * @throws {TypeError} When the argument is not bytes.
 * @see RFC 4648 §4
 */
export function encodeBase64(bytes: Uint8Array): string {
  return encode(bytes, base64);
}

/**
 * Decodes exactly the texts that {@link encodeBase64} produces.
 *
 * @throws {TypeError} When the argument is not text.
 * @throws {RangeError} For missing or superfluous padding, white space, any character outside the alphabet
 *   (`-` and `_` included) and non-zero trailing bits, naming the position and never the text.
 * @see RFC 4648 §4 and §3.5 (one canonical encoding)
 */
export function decodeBase64(text: string): Bytes {
  return decode(text, base64);
}

/**
 * Encodes bytes as base64url without padding, safe in URLs, cookies and file names.
 *
 * @throws {TypeError} When the argument is not bytes.
 * @see RFC 4648 §5
 */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encode(bytes, base64Url);
}

/**
 * Decodes exactly the texts that {@link encodeBase64Url} produces.
 *
 * @throws {TypeError} When the argument is not text.
 * @throws {RangeError} For padding, white space, any character outside the alphabet (`+` and `/` included), an
 *   impossible length and non-zero trailing bits, naming the position and never the text.
 * @see RFC 4648 §5 and §3.5 (one canonical encoding)
 */
export function decodeBase64Url(text: string): Bytes {
  return decode(text, base64Url);
}

// The alphabet is put together in here, because a bundler keeps a call whose arguments have to be computed.
function defineVariant(name: string, lastTwo: string, padding: Variant['padding']): Variant {
  const alphabet = letters + lastTwo;
  const values = new Int8Array(128).fill(-1);
  for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value;
  return { name, alphabet, values, padding };
}

function encode(bytes: Uint8Array, { alphabet, padding }: Variant): string {
  assertBytes(bytes, 'bytes');
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += alphabet.charAt((pending >> bits) & 63);
    }
    pending &= 63;
  }
  if (bits > 0) text += alphabet.charAt((pending << (6 - bits)) & 63);
  return padding === 'required' ? text + '='.repeat(-text.length & 3) : text;
}

function decode(text: string, variant: Variant): Bytes {
  assertText(text, variant.name);
  const length = variant.padding === 'required' ? unpaddedLength(text, variant) : text.length;
  if (length % 4 === 1) throw new RangeError(`${variant.name} ends with half a byte at position ${length - 1}`);
  const bytes = new Uint8Array((length * 3) >> 2);
  let bits = 0;
  let pending = 0;
  let written = 0;
  for (let position = 0; position < length; position += 1) {
    pending = (pending << 6) | valueAt(text, position, variant);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written] = pending >> bits;
      written += 1;
      pending &= (1 << bits) - 1;
    }
  }
  if (pending !== 0) throw new RangeError(`${variant.name} has non-zero trailing bits at position ${length - 1}`);
  return bytes;
}

/** The length without its padding, which must fill the last group of four and nothing more. */
function unpaddedLength(text: string, { name }: Variant): number {
  if (text.length % 4 !== 0) throw new RangeError(`${name} must be padded to a multiple of 4, got ${text.length}`);
  if (!text.endsWith('=')) return text.length;
  return text.endsWith('==') ? text.length - 2 : text.length - 1;
}

function valueAt(text: string, position: number, { name, values }: Variant): number {
  const value = values[text.charCodeAt(position)] ?? -1;
  if (value === -1) throw new RangeError(`${name} has a character outside its alphabet at position ${position}`);
  return value;
}

import { assertBytes, type Bytes } from './bytes.ts';
import { assertText } from './text.ts';

interface Variant {
  readonly name: string;
  readonly alphabet: string;
  readonly padding: 'required' | 'refused';
}

const base64: Variant = {
  name: 'base64',
  alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  padding: 'required',
};
const base64Url: Variant = {
  name: 'base64url',
  alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  padding: 'refused',
};

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

function valueAt(text: string, position: number, { name, alphabet }: Variant): number {
  const code = text.charCodeAt(position);
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  const value = alphabet.indexOf(text.charAt(position), 62);
  if (value === -1) throw new RangeError(`${name} has a character outside its alphabet at position ${position}`);
  return value;
}

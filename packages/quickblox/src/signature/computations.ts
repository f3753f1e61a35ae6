import {
  constantTimeEqual,
  type Digest,
  decodeBase64,
  decodeBase64Url,
  decodeHex,
  decodeUtf8,
  digest,
  encodeUtf8,
  hmac,
  md5,
  sha1,
  sha256,
  sha384,
  sha512,
} from '@x/crypto';
import type { SignatureMistake } from './findings.ts';

/** A signature as bytes, and what is wrong with how it was written. */
export interface DecodedSignature {
  readonly bytes: Uint8Array;
  readonly mistakes: readonly SignatureMistake[];
}

const digestBySize: ReadonlyMap<number, Digest> = new Map([
  [16, md5],
  [20, sha1],
  [32, sha256],
  [48, sha384],
  [64, sha512],
]);

/** Reads a signature however it was written; undefined when it is no digest. */
export function decodeSignature(text: string): DecodedSignature | undefined {
  // looking behind, a run of spaces within is tried from its first alone
  const trimmed = text.replaceAll(/^[\s"']+|(?<![\s"'])[\s"']+$/g, '');
  const surrounded: SignatureMistake[] = trimmed === text ? [] : ['signature-surrounded'];
  const read = (bytes: Uint8Array | undefined, ...mistakes: SignatureMistake[]): DecodedSignature | undefined =>
    bytes !== undefined && digestBySize.has(bytes.length)
      ? { bytes, mistakes: [...surrounded, ...mistakes] }
      : undefined;

  const hex = attempt(() => decodeHex(trimmed.toLowerCase()));
  if (hex !== undefined)
    return read(hex, ...(trimmed === trimmed.toLowerCase() ? [] : ['signature-upper-case' as const]));
  const bytes = attempt(() => decodeBase64(trimmed)) ?? attempt(() => decodeBase64Url(trimmed.replace(/=+$/, '')));
  if (bytes === undefined) return undefined;
  const inner = attempt(() => decodeHex(decodeUtf8(bytes).trim().toLowerCase())); // the hex text, in base64
  return read(bytes, 'signature-base64') ?? read(inner, 'signature-base64');
}

/** Finds how a signature can have been computed over a text. */
export interface Computations {
  /** Whether it is the HMAC of the text under the secret, whatever the hash. */
  isSigned(text: string): boolean;
  /** The mistake by which it was computed from the text. */
  findMistake(text: string): SignatureMistake | undefined;
}

/** @param authKey The application's other key, which is taken for the secret at times. */
export function createComputations(signature: Uint8Array, secret: string, authKey: string | undefined): Computations {
  const hash = digestBySize.get(signature.length) ?? sha1;
  const fits = (compute: () => Uint8Array): boolean => {
    const made = attempt(compute);
    return made !== undefined && constantTimeEqual(made, signature);
  };
  const keys = [...keysOf(secret), ...(authKey === undefined ? [] : [['key-is-auth-key', authKey] as const])];

  return {
    isSigned: (text) => fits(() => hmac(hash, secret, text)),
    findMistake(text) {
      const key = keys.find(([, one]) => fits(() => hmac(hash, one, text)));
      if (key !== undefined) return key[0];
      if (fits(() => hmac(hash, text, secret))) return 'key-and-message-swapped';
      const plain = [text, secret + text, text + secret];
      if (plain.some((one) => fits(() => digest(hash, one)))) return 'not-hmac';
      const latin = latinBytes(text);
      return latin !== undefined && fits(() => hmac(hash, secret, latin)) ? 'text-not-utf8' : undefined;
    },
  };
}

function keysOf(secret: string): (readonly [SignatureMistake, string | Uint8Array])[] {
  const quoted = [`"${secret}"`, `'${secret}'`, secret.replace(/^(["'])(.*)\1$/s, '$2')];
  const surrounded = [secret.trim(), `${secret}\n`, `${secret}\r\n`, `${secret} `, ` ${secret}`, ...quoted];
  const decoded = [() => decodeHex(secret.toLowerCase()), () => decodeBase64(secret), () => decodeBase64Url(secret)];
  return [
    ...surrounded.filter((one) => one !== secret).map((one) => ['secret-surrounded', one] as const),
    ...decoded
      .map(attempt)
      .filter((one) => one !== undefined)
      .map((one) => ['secret-decoded', one] as const),
  ];
}

/** Undefined where Latin-1 has no such letters, or writes the same bytes as UTF-8. */
function latinBytes(text: string): Uint8Array | undefined {
  const units = [...text].map((sign) => sign.codePointAt(0) ?? 0);
  if (units.some((unit) => unit > 0xff) || encodeUtf8(text).length === units.length) return undefined;
  return new Uint8Array(units);
}

function attempt<Result>(make: () => Result): Result | undefined {
  try {
    return make();
  } catch {
    return undefined; // not in this encoding, or not a text that has bytes
  }
}

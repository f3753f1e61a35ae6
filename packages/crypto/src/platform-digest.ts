import type { Digest } from './digest.ts';

/** The part of `node:crypto` that is used here. */
export interface PlatformCrypto {
  /** One call instead of three, twice as fast for short messages; absent from older compatible runtimes. */
  hash?(algorithm: string, data: Uint8Array, encoding: 'buffer'): Uint8Array;
  createHash(algorithm: string): PlatformHash;
  createHmac(algorithm: string, key: Uint8Array): PlatformHash;
}

interface PlatformHash {
  update(data: Uint8Array): PlatformHash;
  digest(): Uint8Array;
}

/**
 * Finds `node:crypto` without importing it, so that bundles for other platforms need no shim.
 *
 * Node, Bun, Deno and workerd with Node compatibility offer it; browsers do not.
 *
 * @param scope Where to look; default `globalThis`.
 */
export function findPlatformCrypto(scope: object = globalThis): PlatformCrypto | undefined {
  const { process } = scope as { process?: { getBuiltinModule?: (id: string) => unknown } };
  const found = process?.getBuiltinModule?.('node:crypto') as Partial<PlatformCrypto> | undefined;
  const complete = typeof found?.createHash === 'function' && typeof found.createHmac === 'function';
  return complete ? (found as PlatformCrypto) : undefined;
}

/** A digest computed by the platform, several times faster than JavaScript can. */
export function platformDigest(
  crypto: PlatformCrypto,
  { name, outputBytes, blockBytes }: Pick<Digest, 'name' | 'outputBytes' | 'blockBytes'>,
): Digest {
  return Object.freeze({
    name,
    outputBytes,
    blockBytes,
    // The platform answers with a Buffer; callers get a plain Uint8Array with memory of its own.
    hash: (data: Uint8Array) =>
      new Uint8Array(crypto.hash?.(name, data, 'buffer') ?? crypto.createHash(name).update(data).digest()),
    authenticate: (key: Uint8Array, data: Uint8Array) =>
      new Uint8Array(crypto.createHmac(name, key).update(data).digest()),
  });
}

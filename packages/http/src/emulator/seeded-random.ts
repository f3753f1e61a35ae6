import type { RandomSource } from '@x/crypto/light';

/**
 * Makes a repeatable source of bytes: the same seed gives the same, so that faults come back as they were.
 *
 * For emulators and tests only; anybody can foresee it.
 *
 * @param seed Any whole number; its lower 32 bits count.
 * @see Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003: triple 13, 17, 5.
 */
export function seededRandom(seed: number): RandomSource {
  // spread, because small seeds alone begin with zeros; and nothing but zeros follows zero
  let state = Math.imul(seed + 1, 0x9e37_79b1) || 1;
  return (byteLength) => {
    const bytes = new Uint8Array(byteLength);
    for (let index = 0; index < byteLength; index += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[index] = state >>> 24;
    }
    return bytes;
  };
}

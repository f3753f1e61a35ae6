import type { RandomSource } from '@x/crypto';

/**
 * Makes a nonce: below 2^31, which every server and client of QuickBlox has been seen to take.
 *
 * It must be new for its timestamp, so a small range collides as soon as a fleet starts.
 *
 * @see QuickBlox fact sheet §4.4.
 */
export function createNonce(random: RandomSource): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(4);
  return ((a & 0x7f) << 24) | (b << 16) | (c << 8) | d;
}

import type { RandomSource } from '@x/crypto/light';

/** Draws a number from 0 to below 1, of 32 bits. */
export function uniform(random: RandomSource): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(4);
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) / 0x1_0000_0000;
}

import { sha256 } from './algorithms.ts';
import { equalBytes } from './equal-bytes.ts';
import { isSecret, type Secret } from './secret.ts';
import { toBytes } from './to-bytes.ts';

/**
 * Compares two values without telling by its running time where, or whether, they differ.
 *
 * Each side is hashed with SHA-256 on its own and the two digests are compared without an early exit. The time is
 * therefore one amount for each side's length, added up: it does not depend on the contents, nor on whether the
 * lengths agree, so lengthening a guess tells nothing about the length of the secret. What JavaScript cannot
 * promise, and this does not: equal time to the cycle on a machine shared with the attacker.
 *
 * Never throws for text or bytes. A text with a lone surrogate has no bytes and equals nothing, itself included.
 *
 * @param a Text (as UTF-8), bytes or a secret, of any length.
 * @param b The same; a text equals its own encoding, and a secret the text that it holds.
 * @throws {TypeError} When a side is none of these.
 */
export function constantTimeEqual(a: string | Uint8Array | Secret, b: string | Uint8Array | Secret): boolean {
  const left = isSecret(a) ? a.reveal() : a;
  const right = isSecret(b) ? b.reveal() : b;
  const equal = equalBytes(sha256.hash(comparableBytes(left, 'a')), sha256.hash(comparableBytes(right, 'b')));
  return isComparable(left) && isComparable(right) && equal;
}

function comparableBytes(value: string | Uint8Array, argument: string): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : toBytes(value, argument);
}

function isComparable(value: string | Uint8Array): boolean {
  return typeof value !== 'string' || value.isWellFormed();
}

import { sha256 } from './algorithms.ts';
import { equalBytes } from './equal-bytes.ts';
import { findLoneSurrogate } from './text.ts';
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
 * @param a Text (as UTF-8) or bytes, of any length.
 * @param b Text (as UTF-8) or bytes, of any length; a text equals its own encoding.
 * @throws {TypeError} When a side is neither text nor bytes.
 */
export function constantTimeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  const left = sha256.hash(comparableBytes(a, 'a'));
  const right = sha256.hash(comparableBytes(b, 'b'));
  const equal = equalBytes(left, right);
  return isComparable(a) && isComparable(b) && equal;
}

function comparableBytes(value: string | Uint8Array, argument: string): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : toBytes(value, argument);
}

function isComparable(value: string | Uint8Array): boolean {
  return typeof value !== 'string' || findLoneSurrogate(value) === -1;
}

/**
 * Compares byte arrays of one length without an early exit.
 *
 * For values whose length is public, such as tags; `constantTimeEqual` also hides lengths.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index += 1) difference |= (a[index] as number) ^ (b[index] ?? 0);
  return difference === 0;
}

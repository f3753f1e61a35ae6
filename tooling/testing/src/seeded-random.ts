/** A repeatable source of bytes (xorshift32): the same seed gives the same bytes, for tests only. */
export function seededRandom(seed: number = 1): (byteLength: number) => Uint8Array<ArrayBuffer> {
  let state = seed | 0 || 1;
  return (byteLength) => {
    const bytes = new Uint8Array(byteLength);
    for (let index = 0; index < byteLength; index += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[index] = state & 0xff;
    }
    return bytes;
  };
}

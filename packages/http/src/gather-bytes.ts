/** Bytes that come in pieces. */
export interface GatheredBytes {
  /** How many have come. */
  readonly byteLength: number;
  add(piece: Uint8Array): void;
  /** All that came, in memory of their own. */
  join(): Uint8Array<ArrayBuffer>;
}

/**
 * Makes what gathers bytes in one buffer: a piece by itself takes some two hundred bytes, and what comes byte by byte
 * would take as many times its length.
 */
export function gatherBytes(): GatheredBytes {
  /** The first piece as it came, for most are the only one; then a buffer of which `byteLength` bytes are used. */
  let bytes: Uint8Array = nothing;
  const gathered = {
    byteLength: 0,
    add(piece: Uint8Array) {
      const length = gathered.byteLength;
      const total = length + piece.byteLength;
      if (length === 0) bytes = piece;
      else {
        if (total > bytes.byteLength) bytes = grown(bytes, length, total);
        bytes.set(piece, length);
      }
      gathered.byteLength = total;
    },
    join: () => new Uint8Array(bytes.subarray(0, gathered.byteLength)),
  };
  return gathered;
}

const nothing = new Uint8Array(0);

/** Twice as long as it has to be, so that a byte is copied once on average. */
function grown(bytes: Uint8Array, length: number, total: number): Uint8Array {
  const longer = new Uint8Array(2 * total);
  longer.set(bytes.subarray(0, length));
  return longer;
}

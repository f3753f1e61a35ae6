import {
  type JsonObject,
  type JsonValue,
  type OpenReason,
  type RandomSource,
  randomToken,
  type Sealer,
} from '@x/crypto';

/** A text under seal, with what a later re-sealing needs to know. */
export interface SealedText {
  readonly text: string;
  /** When the store was asked to forget it, in milliseconds since 1970; undefined: never. */
  readonly expiresAtMs: number | undefined;
}

/**
 * Why a stored value does not open: a token's own reason, or `moved` when it was sealed for another key. Pieces of
 * different values put together, or some left out, are `malformed`.
 */
export type UnreadableReason = OpenReason | 'moved';

/** What {@link openValue} finds. */
export type OpenedValue =
  | (SealedText & {
      readonly ok: true;
      readonly value: JsonValue;
      /** Ids of the keys it was sealed with. */
      readonly keyIds: ReadonlySet<string>;
    })
  | { readonly ok: false; readonly reason: UnreadableReason };

interface Piece {
  readonly text: string;
  /** Which of how many, from 0; absent when there is one. */
  readonly index: number;
  readonly count: number;
  /** The same for all pieces of one value, and for no other value. */
  readonly set: string;
  readonly expiresAtMs: number | undefined;
}

/** A token holds 16,384 characters: base64url of up to three bytes for each of these, and of the token's own members. */
const pieceLength = 3_500;

/**
 * Seals a text for one subject.
 *
 * @returns One token, or a list of them where the text is longer than a token can be.
 */
export function sealValue(
  sealer: Sealer,
  { subject, random }: { readonly subject: string; readonly random: RandomSource },
  { text, expiresAtMs }: SealedText,
): JsonValue {
  const ends: JsonObject = expiresAtMs === undefined ? {} : { expiresAtMs };
  const texts = cut(text);
  if (texts.length === 1) return sealer.seal(subject, { text, ...ends });
  const set = randomToken(16, random);
  return texts.map((piece, index) => sealer.seal(subject, { text: piece, index, count: texts.length, set, ...ends }));
}

/** Opens what {@link sealValue} made. Never throws for any stored value. */
export function openValue(sealer: Sealer, subject: string, stored: JsonValue): OpenedValue {
  const tokens: readonly JsonValue[] = Array.isArray(stored) ? stored : [stored];
  const keyIds = new Set<string>();
  const texts: string[] = [];
  let first: Piece | undefined;
  for (const [index, token] of tokens.entries()) {
    // whatever this machine's clock says: a value that another one has stored is there
    const opened = sealer.open(typeof token === 'string' ? token : '', { clockToleranceMs: Number.POSITIVE_INFINITY });
    if (!opened.ok) return opened;
    if (opened.subject !== subject) return { ok: false, reason: 'moved' };
    const piece = readPiece(opened.claims);
    first ??= piece;
    const belongs =
      piece !== undefined && piece.index === index && piece.count === tokens.length && piece.set === first?.set;
    if (!belongs) return { ok: false, reason: 'malformed' };
    keyIds.add(opened.keyId);
    texts.push(piece.text);
  }
  const text = texts.join('');
  const value = parse(text);
  if (first === undefined || value === undefined) return { ok: false, reason: 'malformed' };
  return { ok: true, value, text, expiresAtMs: first.expiresAtMs, keyIds };
}

/** What another user of the sealer has sealed need not be JSON, and a parser's error would quote it. */
function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function readPiece({ text, index = 0, count = 1, set = '', expiresAtMs }: JsonObject): Piece | undefined {
  if (typeof text !== 'string' || typeof index !== 'number' || typeof count !== 'number') return undefined;
  if (typeof set !== 'string' || (expiresAtMs !== undefined && typeof expiresAtMs !== 'number')) return undefined;
  return { text, index, count, set, expiresAtMs };
}

/** Cuts a text into pieces. Halves of a surrogate pair are escaped by the token's JSON, so any place will do. */
function cut(text: string): string[] {
  const count = Math.ceil(text.length / pieceLength);
  return Array.from({ length: count }, (_, index) => text.slice(index * pieceLength, (index + 1) * pieceLength));
}

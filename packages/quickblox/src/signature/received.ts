import { type Secret, toSecret } from '@x/crypto';
import { isPlainObject, type SessionParameters } from '../parameters.ts';
import { formatMembers, type Member, parseMembers, type Scalar } from './json-members.ts';

/** A parameter as the server would read it. */
export type Pair = readonly [name: string, value: string];

/** What stands in a session request. */
export interface Received {
  /** Flat names, in the order of sending. */
  readonly pairs: readonly Pair[];
  /** `text` where no more is known than what was signed. */
  readonly encoding: 'form' | 'json' | 'parameters' | 'text';
  /** In forms: what stands between the ampersands as it came, percent signs and pluses not decoded. */
  readonly parts: readonly string[];
  /** In JSON and parameters: names of members that are null or undefined, and so are not sent. */
  readonly absent: readonly string[];
  /** In JSON and parameters: the members as JSON writes them, groups included; undefined where it leaves one out. */
  readonly members: readonly (readonly [name: string, source: string | undefined])[];
}

/** Why nothing can be said of a body. */
export type UnreadableReason = 'body-unreadable' | 'body-too-large' | 'parameter-repeated';

export type ReadResult =
  | { readonly ok: true; readonly received: Received }
  | {
      readonly ok: false;
      readonly reason: UnreadableReason;
      /** What makes a form unreadable, where that is known. */
      readonly mistake?: 'escape-malformed' | 'form-not-utf8';
    };

/** A Firebase token is the longest thing that is known to be sent, and has some 1,000 characters. */
export const maxLength: number = 16_384;
const maxPairs = 32;

/**
 * Reads what was sent: a form or JSON as text, or its parameters. Never throws.
 *
 * Text that begins with a brace is JSON, anything else a form.
 *
 * @see QuickBlox fact sheet §4.1.
 */
export function readReceived(sent: string | SessionParameters): ReadResult {
  if (typeof sent === 'string' && sent.length > 4 * maxLength) return { ok: false, reason: 'body-too-large' };
  try {
    if (typeof sent !== 'string') return checkReceived(readMembers(membersOf(sent), 'parameters'));
    return /^\s*\{/.test(sent) ? checkReceived(readMembers(parseMembers(sent), 'json')) : readForm(sent);
  } catch {
    return { ok: false, reason: 'body-unreadable' }; // no JSON, nested too deep, no parameters, or an object that throws
  }
}

/** Refuses what no session request holds, and what servers read differently. */
export function checkReceived(received: Received): ReadResult {
  const { pairs, encoding, absent, members } = received;
  const length = pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (pairs.length > maxPairs || length > maxLength) return { ok: false, reason: 'body-too-large' };
  // half a character has no UTF-8 bytes to sign
  if (pairs.some((pair) => !pair.join('=').isWellFormed())) return { ok: false, reason: 'body-unreadable' };
  const names = [...pairs.map(([name]) => name), ...(encoding === 'json' ? absent : [])];
  // of a group that is given twice, too, one counts and nobody knows which
  const isRepeated = isAnyTwice(names) || isAnyTwice(members.map(([name]) => name));
  return isRepeated ? { ok: false, reason: 'parameter-repeated' } : { ok: true, received };
}

function isAnyTwice(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}

/** What a lenient reader makes of an escape that is none, is not what the next one does. */
function readForm(text: string): ReadResult {
  const parts = text.split('&').filter((part) => part !== '');
  if (/%(?![\da-f]{2})/i.test(text)) return { ok: false, reason: 'body-unreadable', mistake: 'escape-malformed' };
  try {
    return checkReceived({ pairs: parts.map(decodePart), encoding: 'form', parts, absent: [], members: [] });
  } catch {
    return { ok: false, reason: 'body-unreadable', mistake: 'form-not-utf8' };
  }
}

/** Splits a part of a form where its value begins. */
export function splitPart(part: string): Pair {
  const at = part.indexOf('=');
  return at === -1 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}

function decodePart(part: string): Pair {
  const [name, value] = splitPart(part.replaceAll('+', ' '));
  return [decodeURIComponent(name), decodeURIComponent(value)];
}

function readMembers(members: readonly Member[], encoding: 'json' | 'parameters'): Received {
  const flat = members.flatMap(([name, value]): readonly (readonly [string, Scalar])[] => {
    return isScalar(value) ? [[name, value]] : value.map(([key, one]) => [`${name}[${key}]`, one]);
  });
  return {
    pairs: flat.flatMap(([name, { text }]): Pair[] => (text === undefined ? [] : [[name, text]])),
    encoding,
    parts: [],
    absent: flat.flatMap(([name, { text }]) => (text === undefined ? name : [])),
    members: members.map(([name, value]) => [name, isScalar(value) ? value.source : sourceOf(value)]),
  };
}

function isScalar(value: Member[1]): value is Scalar {
  return !Array.isArray(value);
}

function sourceOf(group: readonly (readonly [name: string, value: Scalar])[]): string {
  return formatMembers(group.map(([name, { source }]) => [name, source]));
}

/** @throws {TypeError} For what is no plain object of values and of groups of values. */
function membersOf(parameters: unknown): Member[] {
  if (!isPlainObject(parameters)) throw new TypeError('parameters must be a plain object');
  return Object.entries(parameters).map(([name, value]): Member => {
    if (!isPlainObject(value)) return [name, toScalar(value)];
    return [name, Object.entries(value).map(([key, one]) => [key, toScalar(one)])];
  });
}

function toScalar(value: unknown): Scalar {
  if (value === undefined || value === null) return { text: undefined, source: JSON.stringify(value) };
  const plain = ['string', 'number'].includes(typeof value) ? value : toSecret(value as Secret).reveal();
  return { text: String(plain), source: JSON.stringify(plain) };
}

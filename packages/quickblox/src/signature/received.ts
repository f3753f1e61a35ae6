import { type Secret, toSecret } from '@x/crypto';
import { isPlainObject, type SessionParameters } from '../parameters.ts';

/** A parameter as the server would read it. */
export type Pair = readonly [name: string, value: string];

/** What stands in a session request. */
export interface Received {
  /** Flat names, in the order of sending. */
  readonly pairs: readonly Pair[];
  readonly encoding: 'form' | 'json' | 'parameters';
  /** In forms: the values as they came, percent signs and pluses not decoded. */
  readonly rawPairs: readonly Pair[];
  /** In JSON and parameters: names of members that are null or undefined, and so are not sent. */
  readonly absent: readonly string[];
  /** In JSON and parameters: the members as they came, groups included. */
  readonly members: readonly (readonly [name: string, value: unknown])[];
}

/** Why nothing can be said of a body. */
export type UnreadableReason = 'body-unreadable' | 'body-too-large' | 'parameter-repeated';

export type ReadResult =
  | { readonly ok: true; readonly received: Received }
  | { readonly ok: false; readonly reason: UnreadableReason };

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
    const received = typeof sent === 'string' ? readBody(sent) : readMembers(sent, 'parameters');
    return received === undefined ? { ok: false, reason: 'body-unreadable' } : checkReceived(received);
  } catch {
    return { ok: false, reason: 'body-unreadable' }; // no JSON, nested too deep to walk, or an object that throws
  }
}

/** Refuses what no session request holds, and what servers read differently. */
export function checkReceived(received: Received): ReadResult {
  const { pairs } = received;
  const length = pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (pairs.length > maxPairs || length > maxLength) return { ok: false, reason: 'body-too-large' };
  // half a character has no UTF-8 bytes to sign
  if (pairs.some((pair) => !pair.join('=').isWellFormed())) return { ok: false, reason: 'body-unreadable' };
  const isRepeated = new Set(pairs.map(([name]) => name)).size < pairs.length;
  return isRepeated ? { ok: false, reason: 'parameter-repeated' } : { ok: true, received };
}

function readBody(text: string): Received | undefined {
  return /^\s*\{/.test(text) ? readMembers(JSON.parse(text), 'json') : readForm(text);
}

function readForm(text: string): Received {
  const rawPairs = text
    .split('&')
    .filter((part) => part !== '')
    .map((part): Pair => {
      const at = part.indexOf('=');
      return at === -1 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    });
  return { pairs: [...new URLSearchParams(text)], encoding: 'form', rawPairs, absent: [], members: [] };
}

function readMembers(value: unknown, encoding: 'json' | 'parameters'): Received | undefined {
  if (!isPlainObject(value)) return undefined;
  // copies: an object that is given, and not read from text, could be another one at each look
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    return [name, isPlainObject(member) ? Object.fromEntries(Object.entries(member)) : member];
  });
  const pairs: Pair[] = [];
  const absent: string[] = [];
  for (const [name, member] of members) {
    const inner: [string, unknown][] = isPlainObject(member)
      ? Object.entries(member).map(([key, one]) => [`${name}[${key}]`, one])
      : [[name, member]];
    for (const [key, one] of inner) {
      if (one === null || one === undefined) absent.push(key);
      else pairs.push([key, ['string', 'number', 'boolean'].includes(typeof one) ? String(one) : secretText(one)]);
    }
  }
  return { pairs, encoding, rawPairs: [], absent, members };
}

/** @throws For what is no secret either. */
function secretText(value: unknown): string {
  return toSecret(value as Secret).reveal();
}

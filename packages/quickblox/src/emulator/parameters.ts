import type { Exchange } from '@x/http/emulator';
import { readJsonTexts } from './json.ts';

/** Parameters by flat name, `user[login]`, in the order of their arrival. */
export type Received = ReadonlyMap<string, string>;

/**
 * Reads a body in either encoding.
 *
 * @returns Undefined when it does not parse. A number is the text that stands for it. That other media types, malformed escapes and repeated names are refused
 *   is assumed; the encodings themselves are documented (QuickBlox fact sheet §4.1).
 */
export async function readParameters(exchange: Exchange): Promise<Received | undefined> {
  const type = exchange.request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const body = await exchange.body();
  if (type === 'application/x-www-form-urlencoded') return fromPairs(formPairs(body));
  if (type === 'application/json') return fromPairs(jsonPairs(body));
  return undefined;
}

type Pair = readonly [name: string, value: string];

function fromPairs(pairs: readonly Pair[] | undefined): Received | undefined {
  if (pairs === undefined) return undefined;
  const received = new Map(pairs);
  return received.size === pairs.length ? received : undefined;
}

function formPairs(body: string): Pair[] | undefined {
  try {
    return body
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.indexOf('=');
        return at === -1 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
      });
  } catch {
    return undefined; // a percent sign that escapes nothing
  }
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function jsonPairs(body: string): Pair[] | undefined {
  const value = readJsonTexts(body);
  if (!isGroup(value)) return undefined;
  const pairs: Pair[] = [];
  for (const [name, member] of Object.entries(value)) {
    const inner = isGroup(member)
      ? Object.entries(member).map(([key, one]) => [`${name}[${key}]`, one] as const)
      : [[name, member] as const];
    for (const [key, one] of inner) {
      if (one === null) continue;
      if (typeof one !== 'string') return undefined;
      pairs.push([key, one]);
    }
  }
  return pairs;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

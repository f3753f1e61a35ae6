import type { Exchange } from '@x/http/emulator';
import { readJson } from './json.ts';

/** A body's members by name; groups are members in turn. */
export type Body = Readonly<Record<string, unknown>>;

/**
 * Reads the body of a request for a resource: JSON, a form, or nothing at all.
 *
 * @returns Undefined when it does not parse.
 * @see QuickBlox fact sheet §7, "content types".
 */
export async function readBody(exchange: Exchange): Promise<Body | undefined> {
  const text = await exchange.body();
  if (text === '') return {};
  const type = exchange.request.headers.get('content-type') ?? '';
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return fromForm(new URLSearchParams(text));
  if (!/^application\/json\b/i.test(type)) return undefined;
  const body = readJson(text);
  return isGroup(body) ? body : undefined;
}

/** Puts `outer[inner]=value` into groups, as the server does. */
function fromForm(form: URLSearchParams): Body {
  const body: Record<string, unknown> = Object.create(null);
  for (const [name, value] of form) {
    const [outer = '', inner] = name.split(/[[\]]/);
    if (inner === undefined) body[outer] = value;
    else body[outer] = { ...groupOf(body, outer), [inner]: value };
  }
  return body;
}

/** A member that is a group; an empty one when it is none. */
export function groupOf(body: Body, name: string): Body {
  const value = body[name];
  return isGroup(value) ? value : {};
}

/** A member as text: numbers too, since forms know nothing else. */
export function textOf(body: Body, name: string): string | undefined {
  return toText(body[name]);
}

/** A value as text, where it is text or a number. */
export function toText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** A member as a list of positive integers: a list, or text with commas. */
export function idsOf(body: Body, name: string): number[] {
  const value = body[name];
  const items: unknown[] = Array.isArray(value) ? value : (textOf(body, name) ?? '').split(',');
  return items.map((item) => Number(toText(item))).filter((id) => Number.isSafeInteger(id) && id > 0);
}

function isGroup(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

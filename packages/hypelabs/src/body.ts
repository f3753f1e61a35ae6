import { parsePairs, type ReadTextResult, readJsonObject, readMediaType, readText } from '@x/http/server';
import type { RequestReason } from './decision.ts';

/** The members of a request's body, to be read with `ownMember`: a stranger chose the names. */
export type Members = Readonly<Record<string, unknown>>;

export type BodyResult =
  | { readonly ok: true; readonly members: Members }
  | { readonly ok: false; readonly reason: RequestReason };

/** Bytes of a body at most, by HypeLabs fact sheet §8 item 18. */
const maxBodyBytes = 16_384;

/** How a body is written. */
export type BodyFormat = 'json' | 'form';

export type FormatResult =
  | { readonly ok: true; readonly format: BodyFormat }
  | { readonly ok: false; readonly reason: RequestReason };

/** HypeLabs' first documentation spells the type without its second `c`, and may mean it. */
const misspeltJsonType = 'appliation/json';
const formType = 'application/x-www-form-urlencoded';

/** The media types that bodies are to be written in. */
export function mediaTypesOf({ acceptForm }: { readonly acceptForm: boolean }): readonly string[] {
  return acceptForm ? ['application/json', formType] : ['application/json'];
}

/**
 * Tells from a request's headers how its body is written.
 *
 * A request without a content type is taken as JSON: frameworks that skip such a body without a word are the reason
 * why this package parses it itself.
 *
 * @see HypeLabs fact sheet §5 row 7, §8 items 1 and 17, §9 rows 3 to 9.
 */
export function readFormat(request: Request, rules: { readonly acceptForm: boolean }): FormatResult {
  const media = readMediaType(request, [...mediaTypesOf(rules), misspeltJsonType]);
  if (media.ok) return { ok: true, format: media.type === formType ? 'form' : 'json' };
  const { reason } = media;
  return reason === 'media-type-missing' ? { ok: true, format: 'json' } : { ok: false, reason };
}

/**
 * Reads a request's body into its members.
 *
 * @param signal Stops the reading.
 * @returns The members, or why there are none. Of a member that comes twice in JSON the last one counts, because there
 *   is one parser only; in a form it is refused, as is a value that is not percent-encoded UTF-8. Never throws for a stranger's input.
 * @see HypeLabs fact sheet §8 items 15 to 18.
 */
export async function readMembers(request: Request, format: BodyFormat, signal: AbortSignal): Promise<BodyResult> {
  const limits = { maxBytes: maxBodyBytes, signal };
  if (format === 'form') return readForm(await readText(request, limits));
  const body = await readJsonObject(request, limits);
  return body.ok ? { ok: true, members: body.value } : body;
}

function readForm(body: ReadTextResult): BodyResult {
  if (!body.ok) return body;
  const pairs = parsePairs(body.text);
  if (pairs === undefined) return { ok: false, reason: 'member-malformed' };
  const members: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    if (Object.hasOwn(members, name)) return { ok: false, reason: 'member-repeated' };
    members[name] = value;
  }
  return { ok: true, members };
}

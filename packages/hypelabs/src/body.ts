import { mediaType, type ReadTextResult, readJson, readText } from '@x/http/server';
import type { RequestReason } from './decision.ts';

/** The members of a request's body, by name. Read own members only: a stranger chose the names. */
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
const jsonTypes: ReadonlySet<string> = new Set(['application/json', 'appliation/json']);
const formType = 'application/x-www-form-urlencoded';

/**
 * Tells from a request's headers how its body is written.
 *
 * A request without a content type is taken as JSON: frameworks that skip such a body without a word are the reason
 * why this package parses it itself.
 *
 * @see HypeLabs fact sheet §5 row 7, §8 items 1 and 17, §9 rows 3 to 9.
 */
export function readFormat(request: Request, { acceptForm }: { readonly acceptForm: boolean }): FormatResult {
  if (!request.headers.has('content-type')) return { ok: true, format: 'json' };
  const media = mediaType(request);
  const format = formatOf(media?.type, acceptForm);
  if (format === undefined) return { ok: false, reason: 'media-type-unsupported' };
  if (media?.charset !== undefined && media.charset !== 'utf-8') return { ok: false, reason: 'charset-unsupported' };
  return { ok: true, format };
}

function formatOf(type: string | undefined, acceptForm: boolean): BodyFormat | undefined {
  if (type === undefined) return undefined;
  if (jsonTypes.has(type)) return 'json';
  return type === formType && acceptForm ? 'form' : undefined;
}

/**
 * Reads a request's body into its members.
 *
 * @param signal Stops the reading.
 * @returns The members, or why there are none. Of a member that comes twice in JSON the last one counts, because there
 *   is one parser only; in a form it is refused. Never throws for a stranger's input.
 * @see HypeLabs fact sheet §8 items 15 to 18.
 */
export async function readMembers(request: Request, format: BodyFormat, signal: AbortSignal): Promise<BodyResult> {
  const limits = { maxBytes: maxBodyBytes, signal };
  if (format === 'form') return readForm(await readText(request, limits));
  const body = await readJson(request, limits);
  if (!body.ok) return body;
  const { value } = body;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, reason: 'body-not-object' };
  }
  return { ok: true, members: value as Members };
}

function readForm(body: ReadTextResult): BodyResult {
  if (!body.ok) return body;
  const members: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(body.text)) {
    if (Object.hasOwn(members, name)) return { ok: false, reason: 'member-repeated' };
    members[name] = value;
  }
  return { ok: true, members };
}

/** Reads a member that the body itself has: `__proto__` and what it leads to are not members. */
export function ownMember(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

import { escapeHtml } from './escape-html.ts';

type Fields = Readonly<Record<string, string>>;
/** Header fields in every form that the platform takes. A server's types name that form only here. */
type HeaderInput = NonNullable<ResponseInit['headers']>;

/** Fields that every answer of a handler carries. */
const guarded: Fields = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
// put together once, not for every answer
const problemFields: Fields = /* @__PURE__ */ withGuards({ 'content-type': 'application/problem+json' });
const jsonFields: Fields = /* @__PURE__ */ withGuards({ 'content-type': 'application/json' });
const pageFields: Fields = /* @__PURE__ */ withGuards({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
});

function withGuards(fields: Fields): Fields {
  return { ...guarded, ...fields };
}

function withFields(body: string | null, status: number, fields: Fields, headers: HeaderInput | undefined): Response {
  return new Response(body, { status, headers: joinFields(fields, headers) });
}

function joinFields(fields: Fields, headers: HeaderInput | undefined): Fields | Headers {
  if (headers === undefined) return fields;
  const all = new Headers(fields);
  for (const [name, value] of new Headers(headers)) {
    if (name === 'set-cookie') all.append(name, value);
    else all.set(name, value);
  }
  return all;
}

/**
 * Answers with a problem that carries its code and nothing else.
 *
 * @param options `code`: kebab-case; `headers`: added to the guarded ones.
 * @see RFC 9457.
 */
export function problem(options: {
  readonly status: number;
  readonly code: string;
  readonly headers?: HeaderInput | undefined;
}): Response {
  const { status, code, headers } = options;
  return withFields(JSON.stringify({ status, code }), status, problemFields, headers);
}

/** Answers with JSON that nobody caches. @param options `status`: default 200. */
export function json(
  body: unknown,
  { status = 200, headers }: { readonly status?: number; readonly headers?: HeaderInput | undefined } = {},
): Response {
  return withFields(JSON.stringify(body), status, jsonFields, headers);
}

/**
 * Makes a JSON answer that is the same in status, header fields and bytes each time it is given.
 *
 * For denials: where every reason leads to one of these, the answer tells a stranger nothing about which it was.
 *
 * @param options As for {@link json}.
 */
export function fixedJson(
  body: unknown,
  { status = 200, headers }: { readonly status?: number; readonly headers?: HeaderInput | undefined } = {},
): () => Response {
  const text = JSON.stringify(body);
  // no Response is made here: handlers are made where a module is loaded, and workerd lets none be made there
  const fields = joinFields(jsonFields, headers);
  return () => new Response(text, { status, headers: fields });
}

/**
 * Sends a browser elsewhere, without telling that place where it came from.
 *
 * @param options `status`: 302, 303 (default), 307 or 308.
 */
export function redirect(
  url: URL | string,
  {
    status = 303,
    headers,
  }: { readonly status?: 302 | 303 | 307 | 308; readonly headers?: HeaderInput | undefined } = {},
): Response {
  return withFields(null, status, withGuards({ location: String(url) }), headers);
}

/**
 * Shows a person a page with a title and one sentence, both escaped; it loads nothing and cannot be framed.
 */
export function page(options: {
  readonly status: number;
  readonly title: string;
  readonly message: string;
  readonly headers?: HeaderInput | undefined;
}): Response {
  const { status, headers } = options;
  const [title, message] = [escapeHtml(options.title), escapeHtml(options.message)];
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${message}</p></html>`;
  return withFields(html, status, pageFields, headers);
}

/** Replaces one character by another of the same alphabet: the smallest change a wire can make. */
export function flip(text: string, at: number): string {
  const sign = text[at] ?? '';
  const other = sign === 'a' ? 'b' : 'a';
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
}

/** The request again with another body. */
export function withBody(request: Request, body: string): Request {
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  return new Request(request.url, { method: request.method, headers, body });
}

/** The request again at another URL. */
export function withUrl(request: Request, url: URL): Request {
  return new Request(url, { method: request.method, headers: request.headers });
}

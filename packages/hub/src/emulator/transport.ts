/** Carries a request to whoever serves its URL. Redirects are not followed. */
export type Transport = (request: Request) => Promise<Response>;

/** The little of `node:http` and `node:https` that is needed here. */
interface NodeClient {
  request(url: string, options: object, onAnswer: (answer: NodeAnswer) => void): NodeRequest;
}
interface NodeAnswer extends AsyncIterable<Uint8Array> {
  readonly statusCode?: number;
  readonly rawHeaders: readonly string[];
}
interface NodeRequest {
  on(event: 'error', listener: (error: Error) => void): void;
  end(body: Uint8Array): void;
}

/**
 * Sends a request over the network as a browser would.
 *
 * Node's own fetch writes `Sec-Fetch-Mode: cors` whatever the caller says, which is no navigation; so where there is
 * `node:http`, that is used.
 */
export const networkTransport: Transport = async (request) => {
  const { protocol } = new URL(request.url);
  const host = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const client = host.process?.getBuiltinModule?.(protocol === 'https:' ? 'node:https' : 'node:http');
  if (client === undefined) return globalThis.fetch(request, { redirect: 'manual' });
  const body = new Uint8Array(await request.arrayBuffer());
  const { method, url } = request;
  const headers = Object.fromEntries([...request.headers, ['content-length', String(body.byteLength)]]);
  if (method === 'GET' || method === 'HEAD') delete headers['content-length'];
  const answer = await new Promise<NodeAnswer>((resolve, reject) => {
    const sent = (client as NodeClient).request(url, { method, headers, agent: false }, resolve);
    sent.on('error', () => reject(new TypeError('fetch failed')));
    sent.end(body);
  });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of answer) chunks.push(new Uint8Array(chunk));
  const fields = new Headers();
  const { rawHeaders, statusCode = 502 } = answer;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) fields.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  const isEmpty = statusCode === 204 || statusCode === 304;
  return new Response(isEmpty ? null : new Blob(chunks), { status: statusCode, headers: fields });
};

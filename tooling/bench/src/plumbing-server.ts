// A child process whose handlers take and give the same JSON, one without the plumbing and one with it. Its argument
// names the server: `srvx`, whose requests read text and JSON without a stream, or `platform`, which makes each a
// Request of the platform, as frameworks do. Prints its URL.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { json, problem, readJson, refuseMediaType, refuseMethod } from '@x/http/server';
import { serve } from 'srvx';

if (process.argv[2] === 'srvx') {
  const server = serve({ port: 0, hostname: '127.0.0.1', silent: true, fetch: answer });
  await server.ready();
  console.log(server.url);
} else {
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', headers } = incoming;
    const body = method === 'GET' ? null : Readable.toWeb(incoming);
    const init = { method, headers: headers as Record<string, string>, body, duplex: 'half' };
    const answered = await answer(new Request(`http://${headers.host}${incoming.url}`, init as RequestInit));
    outgoing.writeHead(answered.status, Object.fromEntries(answered.headers));
    outgoing.end(new Uint8Array(await answered.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
}

async function answer(request: Request): Promise<Response> {
  if (request.url.endsWith('/plumbed')) return plumbed(request);
  if (request.url.endsWith('/bare')) return Response.json(await request.json());
  if (request.url.endsWith('/streamed')) return Response.json(await streamed(request));
  const { user, system } = process.cpuUsage();
  return Response.json(user + system);
}

/** What a handler of ours does before it looks at a body, and how it answers. */
async function plumbed(request: Request): Promise<Response> {
  const refused = refuseMethod(request, ['POST']) ?? refuseMediaType(request, ['application/json']);
  if (refused !== undefined) return refused;
  const body = await readJson(request, { maxBytes: 65_536 });
  return body.ok ? json(body.value) : problem({ status: 400, code: body.reason });
}

/** The least that anybody pays who counts a body while it comes. */
async function streamed(request: Request): Promise<unknown> {
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return JSON.parse(text + decoder.decode());
    text += decoder.decode(value, { stream: true });
  }
}

// A child process that the client benches call, so that its work is not counted as the client's. Prints its URL.
import { json, mediaType, problem, readJson, refuseMethod } from '@x/http/server';
import { serve } from 'srvx';

const server = serve({ port: 0, hostname: '127.0.0.1', silent: true, fetch: answer });
await server.ready();
console.log(server.url);

async function answer(request: Request): Promise<Response> {
  if (request.url.endsWith('/plumbed')) return plumbed(request);
  if (request.url.endsWith('/bare')) return Response.json(await request.json());
  return Response.json({ id: 7, name: 'ann' });
}

/** What a handler of ours does before it looks at a body, and how it answers. */
async function plumbed(request: Request): Promise<Response> {
  const refused = refuseMethod(request, ['POST']);
  if (refused !== undefined) return refused;
  if (mediaType(request)?.type !== 'application/json') return problem({ status: 415, code: 'media-type-unsupported' });
  const body = await readJson(request, { maxBytes: 65_536 });
  return body.ok ? json(body.value) : problem({ status: 400, code: body.reason });
}

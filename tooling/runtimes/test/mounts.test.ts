import { getRequestListener } from '@hono/node-server';
import { createClient } from '@x/http';
import { createScaffold } from '@x/http/emulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMountedHandler, questionCount } from '../src/mount-cases.ts';
import { askListener, mountWays } from '../src/mount-ways.ts';

const mounts = suite('mounts');
const handler = await createMountedHandler();

for (const [way, mount] of Object.entries(mountWays)) {
  mounts(`${way}: answers as the bare handler does`, async () => {
    assert.equal(await askListener(handler, mount), { passed: questionCount, failures: [] });
  });
}

mounts('a way of mounting that spoils an answer is found out', async () => {
  const spoiled = async (request: Request): Promise<Response> => {
    const response = await handler(request);
    const headers = new Headers(response.headers);
    headers.delete('set-cookie');
    // as a framework that reads the whole body first
    return new Response(response.body, { status: response.status === 413 ? 400 : response.status, headers });
  };
  const { failures } = await askListener(handler, getRequestListener, spoiled);
  assert.ok(failures.some((failure) => failure.startsWith('a redirect with two cookies: cookies')));
  assert.ok(failures.some((failure) => failure.startsWith('a chunked body over the limit: status is 400')));
  assert.ok(failures.some((failure) => failure.startsWith('a length over the limit, and nothing of the body')));
});

mounts(
  'a client reads what an emulator answers by the Response that a server put in the platform’s place',
  async () => {
    getRequestListener(handler); // from now on at the latest `Response` is that of @hono/node-server
    assert.is(Object.getOwnPropertyDescriptor(Response.prototype, 'json')?.writable, false);
    const { fetch } = createScaffold({
      routes: [{ method: 'GET', path: '/orders', handle: () => Response.json([{ id: 7 }]) }],
    });
    const client = createClient({ provider: 'sample', baseUrl: 'https://api.example.com', fetch });
    assert.equal(await client.get('orders').json(), [{ id: 7 }]);
  },
);

mounts.run();

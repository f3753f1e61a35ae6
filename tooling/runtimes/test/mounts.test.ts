import { getRequestListener } from '@hono/node-server';
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

mounts.run();

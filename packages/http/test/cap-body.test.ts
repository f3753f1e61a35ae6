import { property, rejects } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { capBody } from '../src/cap-body.ts';

const cap = suite('cap-body · capBody');

const tooLarge = (): RangeError => new RangeError('too large');

/** A body in chunks, and what became of it. */
function chunked(sizes: readonly number[]) {
  const seen = { pulled: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const size = sizes[seen.pulled];
        seen.pulled += 1;
        if (size === undefined) controller.close();
        else controller.enqueue(new Uint8Array(size));
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

const rows: readonly [name: string, sizes: readonly number[], headers: Record<string, string>, ok: boolean][] = [
  ['without a length, up to the bound', [60, 40], {}, true],
  ['without a length, one beyond', [60, 41], {}, false],
  ['without a length, beyond in its first chunk', [101], {}, false],
  ['of a declared length at the bound', [100], { 'content-length': '100' }, true],
  ['that is compressed, up to the bound', [100], { 'content-length': '10', 'content-encoding': 'gzip' }, true],
  ['that is compressed, one beyond', [101], { 'content-length': '10', 'content-encoding': 'gzip' }, false],
  ['of nothing', [], {}, true],
];
for (const [name, sizes, headers, ok] of rows) {
  cap(`a body ${name} is ${ok ? 'read whole' : 'refused and let go'}`, async () => {
    const { body, seen } = chunked(sizes);
    const response = capBody(new Response(body, { headers }), { maxBytes: 100, tooLarge });
    if (ok) {
      const total = sizes.reduce((sum, size) => sum + size, 0);
      assert.is((await response.arrayBuffer()).byteLength, total);
    } else {
      await rejects(response.arrayBuffer(), RangeError, /too large/);
    }
    assert.is(seen.cancelled, !ok);
  });
}

cap('a declared length beyond the bound is refused before anything is read', () => {
  const { body, seen } = chunked([1]);
  const response = new Response(body, { headers: { 'content-length': '101' } });
  assert.throws(
    () => capBody(response, { maxBytes: 100, tooLarge }),
    (error: unknown) => error instanceof RangeError,
  );
  assert.equal(seen, { pulled: 0, cancelled: true });
});

cap('an answer whose length is known, or that has no body, is not touched', () => {
  const none = new Response(null, { status: 204 });
  const known = new Response('abc', { headers: { 'content-length': '3' } });
  for (const response of [none, known]) assert.is(capBody(response, { maxBytes: 100, tooLarge }), response);
});

cap('everything else about the answer stays what it was', async () => {
  const given = new Response('abc', { status: 201, statusText: 'Made', headers: { 'x-some': 'field' } });
  Object.defineProperties(given, { url: { value: 'https://api.example.com/a' }, redirected: { value: true } });
  const response = capBody(given, { maxBytes: 3, tooLarge });
  assert.equal(
    [response.status, response.statusText, response.headers.get('x-some'), response.url, response.redirected],
    [201, 'Made', 'field', 'https://api.example.com/a', true],
  );
  assert.is(await response.text(), 'abc');
});

cap('nothing is read ahead, and who stops reading stops the sender', async () => {
  const { body, seen } = chunked([10, 10, 10]);
  const response = capBody(new Response(body), { maxBytes: 100, tooLarge });
  await new Promise((resolve) => setImmediate(resolve));
  assert.is(seen.pulled, 0);
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  assert.equal(seen, { pulled: 1, cancelled: true });
});

cap('a body that breaks off breaks off', async () => {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new TypeError('terminated')) });
  await rejects(capBody(new Response(body), { maxBytes: 100, tooLarge }).text(), TypeError, /terminated/);
});

cap.run();

const properties = suite('cap-body · properties');

properties('gives every byte up to the bound and none beyond, however it is cut', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 8 });
  await property(
    fc.asyncProperty(sizes, fc.integer({ min: 1, max: 200 }), async (chunks, maxBytes) => {
      const total = chunks.reduce((sum, size) => sum + size, 0);
      const response = capBody(new Response(chunked(chunks).body), { maxBytes, tooLarge });
      const outcome = await response.arrayBuffer().then(
        ({ byteLength }) => byteLength,
        (error: Error) => error.message,
      );
      assert.is(outcome, total <= maxBytes ? total : 'too large');
    }),
  );
});

properties.run();

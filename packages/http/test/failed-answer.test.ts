import { rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateClientOptions, createClient } from '../src/client.ts';
import { ResponseError } from '../src/errors.ts';
import { readFailedAnswer } from '../src/failed-answer.ts';

const clientOf = (
  fetch: CreateClientOptions['fetch'],
  options: Partial<CreateClientOptions> = {},
): ReturnType<typeof createClient> =>
  createClient({ provider: 'sample', baseUrl: 'https://api.example.com/', fetch, ...options });

const failed = suite('failed-answer · readFailedAnswer');

failed('gives what was said twice, once to be read again', async () => {
  const given = new Response('{"a":1}', { status: 422, statusText: 'No', headers: { 'x-a': 'b' } });
  const { answer, copy } = await readFailedAnswer(given, 0);
  assert.equal([answer.status, answer.headers.get('x-a'), answer.body], [422, 'b', '{"a":1}']);
  assert.equal([copy.status, copy.statusText, copy.headers.get('x-a')], [422, 'No', 'b']);
  assert.equal(await copy.json(), { a: 1 });
});

failed('the copy has the bytes, the URL and no other type than the answer', async () => {
  const bytes = Uint8Array.of(0xff, 0xfe, 0, 0xc3);
  const given = Object.defineProperty(new Response(bytes, { status: 404 }), 'url', { value: 'https://a.example/b' });
  const { answer, copy } = await readFailedAnswer(given, 0);
  assert.is(answer.body, '\ufffd\ufffd\0\ufffd');
  assert.equal([copy.url, copy.headers.get('content-type')], ['https://a.example/b', null]);
  assert.equal([...(await copy.bytes())], [...bytes]);
});

const nowMs = Date.UTC(2026, 0, 1);
const waits: readonly [said: string, seconds: string | null][] = [
  ['7', '7'],
  ['Thu, 01 Jan 2026 00:00:09 GMT', '9'],
  ['soon', 'soon'],
];
for (const [said, seconds] of waits) {
  failed(`a Retry-After of ${said} is one of ${seconds}, for all who read it`, async () => {
    const { answer, copy } = await readFailedAnswer(
      new Response(null, { status: 503, headers: { 'retry-after': said } }),
      nowMs,
    );
    assert.is(answer.headers.get('retry-after'), seconds);
    assert.is(copy.headers.get('retry-after'), seconds);
  });
}

failed('a part of a second is waited for too', async () => {
  const headers = { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' };
  const { copy } = await readFailedAnswer(new Response(null, { status: 503, headers }), nowMs + 1);
  assert.is(copy.headers.get('retry-after'), '9');
});

failed('without Retry-After there is none', async () => {
  const { copy } = await readFailedAnswer(new Response(null, { status: 503 }), nowMs);
  assert.is(copy.headers.has('retry-after'), false);
});

const odd: readonly [status: number, same: boolean][] = [
  [304, true],
  [199, true],
  [599, false],
  [600, false],
  [999, false],
];
for (const [status, same] of odd) {
  failed(`status ${status} stays what it is`, async () => {
    const given = Object.defineProperty(new Response(same ? null : 'text'), 'status', { value: status });
    const { answer, copy } = await readFailedAnswer(given, 0);
    assert.equal([answer.status, copy.status, copy === given], [status, status, same]);
    assert.is(await copy.text(), same ? '' : 'text');
  });
}

const sizes: readonly [name: string, chunks: readonly number[], kept: number][] = [
  ['is kept whole up to the limit', [60_000, 5_536], 65_536],
  ['is cut at the limit', [60_000, 60_000], 65_536],
  ['is cut within its first chunk', [100_000], 65_536],
];
for (const [name, chunks, kept] of sizes) {
  failed(`the body of a failure ${name}`, async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const size = chunks[pulled];
          pulled += 1;
          if (size === undefined) controller.close();
          else controller.enqueue(new Uint8Array(size).fill(97));
        },
      },
      { highWaterMark: 0 },
    );
    const sample = clientOf(scriptedFetch([new Response(body, { status: 400 })]), {
      mapFault: (seen) => ({ fault: seen.body.length }),
    });
    const error = await rejects(sample.get('a').json(), ResponseError<unknown>, 'http.rejected');
    assert.is(error.fault, kept);
  });
}

failed('the body of a failure is not read to an end that never comes', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(10_000)),
    cancel() {
      cancelled = true;
    },
  });
  await rejects(
    clientOf(scriptedFetch([new Response(body, { status: 400 })])).get('a'),
    ResponseError,
    'http.rejected',
  );
  assert.ok(cancelled);
});

failed('a character of a failure that is cut between two chunks is one character', async () => {
  const [first, second] = [new Uint8Array([0x68, 0xc3]), new Uint8Array([0xa9])];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(first);
      controller.enqueue(second);
      controller.close();
    },
  });
  const sample = clientOf(scriptedFetch([new Response(body, { status: 400 })]), {
    mapFault: (seen) => ({ fault: seen.body }),
  });
  const error = await rejects(sample.get('a').json(), ResponseError<unknown>, 'http.rejected');
  assert.is(error.fault, 'hé');
});

failed('the body of a failure that breaks off leaves what came before', async () => {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('half'));
    },
    pull: (controller) => controller.error(new Error('reset')),
  });
  const sample = clientOf(scriptedFetch([new Response(body, { status: 400 })]), {
    mapFault: (seen) => ({ fault: seen.body }),
  });
  const error = await rejects(sample.get('a').json(), ResponseError<unknown>, 'http.rejected');
  assert.is(error.fault, 'half');
});

failed.run();

import { property, rejects } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { capBody } from '../src/cap-body.ts';
import { singleBytes } from './single-bytes.ts';

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
  ['in chunks, up to the bound', [60, 40], { 'content-length': '5', 'transfer-encoding': 'chunked' }, true],
  [
    'in chunks, beyond a length declared beside them',
    [101],
    { 'content-length': '5', 'transfer-encoding': 'x' },
    false,
  ],
  ['of two lengths', [101], { 'content-length': '5, 101' }, false],
  ['of a length that is none', [101], { 'content-length': 'five' }, false],
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

cap('a blob has its type, also where that of a stream has none, as on Bun', async () => {
  const platform = globalThis.Response;
  globalThis.Response = class extends platform {
    readonly isStream: boolean;
    constructor(body?: BodyInit | null, init?: ResponseInit) {
      super(body, init);
      this.isStream = body instanceof ReadableStream;
    }
    override async blob(): Promise<Blob> {
      return new Blob([await super.blob()], this.isStream ? {} : { type: this.headers.get('content-type') ?? '' });
    }
  };
  try {
    const answer = new platform(chunked([3]).body, { headers: { 'content-type': 'application/pdf' } });
    const { type, size } = await capBody(answer, { maxBytes: 100, tooLarge }).blob();
    assert.equal([type, size], ['application/pdf', 3]);
  } finally {
    globalThis.Response = platform;
  }
});

const form = 'a=%C3%A9&b=2';
const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };
const readers: readonly [name: string, read: (response: Response) => Promise<unknown>, body: string, seen: unknown][] =
  [
    ['text', (response) => response.text(), '\u{FEFF}é', 'é'],
    ['json', (response) => response.json(), '{"a":"é"}', { a: 'é' }],
    ['bytes', async (response) => [...(await response.bytes())], 'é', [195, 169]],
    ['arrayBuffer', async (response) => (await response.arrayBuffer()).byteLength, 'é', 2],
    ['blob', async (response) => (await response.blob()).text(), 'é', 'é'],
    [
      'formData',
      async (response) => [...(await response.formData())],
      form,
      [
        ['a', 'é'],
        ['b', '2'],
      ],
    ],
    ['clone', async (response) => response.clone().text(), 'é', 'é'],
    ['a stream', (response) => new Response(response.body).text(), 'é', 'é'],
  ];
for (const [name, read, body, seen] of readers) {
  const encoded = new TextEncoder().encode(body);
  const answer = (): Response => new Response(new Blob([encoded]).stream(), { headers: formHeaders });

  cap(`${name} reads what the platform reads`, async () => {
    assert.equal(await read(answer()), seen);
    assert.equal(await read(capBody(answer(), { maxBytes: encoded.length, tooLarge })), seen);
  });

  cap(`${name} is refused beyond the bound`, async () => {
    await rejects(read(capBody(answer(), { maxBytes: encoded.length - 1, tooLarge })), RangeError, /too large/);
  });

  cap(`${name} is refused once the body has been read`, async () => {
    const response = capBody(answer(), { maxBytes: 100, tooLarge });
    assert.is(response.bodyUsed, false);
    await response.text();
    assert.is(response.bodyUsed, true);
    await rejects((async () => read(response))(), TypeError, /lock|unusable|read|used/);
  });
}

cap('keeps no chunk by itself, so that an answer of single bytes takes no more than its length', async () => {
  const response = capBody(new Response(singleBytes()), { maxBytes: 256, tooLarge });
  assert.equal([...(await response.bytes())], [...Array(256).keys()]);
});

cap('a reader after a clone or a glance at the stream still reads everything', async () => {
  const cloned = capBody(new Response(chunked([60, 40]).body), { maxBytes: 100, tooLarge });
  const clone = cloned.clone();
  assert.is((await cloned.bytes()).length, 100);
  assert.is((await clone.bytes()).length, 100);
  const seen = capBody(new Response(chunked([60, 40]).body), { maxBytes: 100, tooLarge });
  assert.is(seen.body, seen.body);
  assert.is((await seen.text()).length, 100);
});

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
  const clone = response.clone();
  assert.equal(
    [clone.status, clone.statusText, clone.headers.get('x-some'), clone.url, clone.redirected],
    [201, 'Made', 'field', 'https://api.example.com/a', true],
  );
  assert.is(await response.text(), 'abc');
});

cap('a response whose methods cannot be assigned to is counted all the same', async () => {
  class Fixed extends Response {}
  for (const name of ['bytes', 'text', 'arrayBuffer', 'json', 'blob', 'formData', 'clone'] as const) {
    Object.defineProperty(Fixed.prototype, name, { value: Response.prototype[name] });
  }
  const capped = (size: number): Response => capBody(new Fixed(chunked([size]).body), { maxBytes: 100, tooLarge });
  assert.is((await capped(100).arrayBuffer()).byteLength, 100);
  assert.is((await capped(100).clone().text()).length, 100);
  for (const name of ['bytes', 'text', 'arrayBuffer', 'json', 'blob', 'formData'] as const) {
    await rejects(capped(101)[name](), RangeError, /too large/);
  }
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

import { getEventListeners } from 'node:events';
import { property, rejects } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownMember } from '../../src/server/own-member.ts';
import { parseJsonObject, readBody, readJson, readJsonObject, readText } from '../../src/server/read-body.ts';
import { singleBytes } from '../single-bytes.ts';

const url = 'https://app.example/callback';
type Body = ConstructorParameters<typeof Response>[0];
const post = (body: Body, headers: Record<string, string> = {}): Request =>
  new Request(url, { method: 'POST', body: body ?? null, headers, duplex: 'half' } as RequestInit);

/** A body that counts how much of it was asked for. */
function chunked(chunks: readonly (Uint8Array | Error)[]): {
  body: ReadableStream;
  pulled: () => number;
  cancelled: () => boolean;
} {
  let pulled = 0;
  let cancelled = false;
  const body = new ReadableStream(
    {
      pull(controller) {
        const chunk = chunks[pulled];
        pulled += 1;
        if (chunk === undefined) controller.close();
        else if (chunk instanceof Error) controller.error(chunk);
        else controller.enqueue(chunk);
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, pulled: () => pulled, cancelled: () => cancelled };
}

const bytes = suite('read-body · readBody');

bytes('gives the bytes as they came', async () => {
  const read = await readBody(post(new Uint8Array([0, 255, 13, 10])), { maxBytes: 4 });
  assert.equal(read.ok && [...read.bytes], [0, 255, 13, 10]);
});

bytes('joins chunks', async () => {
  const { body } = chunked([new Uint8Array([1]), new Uint8Array(0), new Uint8Array([2, 3])]);
  const read = await readBody(post(body), { maxBytes: 3 });
  assert.equal(read.ok && [...read.bytes], [1, 2, 3]);
});

bytes('keeps no chunk by itself, so that a body of single bytes takes no more than its length', async () => {
  const read = await readBody(post(singleBytes()), { maxBytes: 256 });
  assert.equal(read.ok && [...read.bytes], [...Array(256).keys()]);
});

bytes('takes a view into a larger buffer for what it shows', async () => {
  const { body } = chunked([new Uint8Array([9, 1, 2, 9]).subarray(1, 3)]);
  const read = await readBody(post(body), { maxBytes: 2 });
  assert.equal(read.ok && [...read.bytes], [1, 2]);
});

bytes('an absent body is empty', async () => {
  for (const request of [new Request(url), post('')]) {
    const read = await readBody(request, { maxBytes: 0 });
    assert.equal(read.ok && read.bytes.byteLength, 0);
  }
});

bytes('stops at the limit while the sender would go on for ever', async () => {
  let pulled = 0;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1000));
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  assert.equal(await readBody(post(body), { maxBytes: 2500 }), { ok: false, reason: 'body-too-large' });
  assert.ok(pulled <= 4, `${pulled} chunks were asked for`);
  assert.ok(cancelled, 'the sender is told to stop');
});

const lengths: readonly [name: string, contentLength: string, size: number, expected: string][] = [
  ['honest', '5', 5, 'ok'],
  ['too large: nothing is read', '1000', 5, 'body-too-large'],
  ['said to be small', '1', 11, 'body-too-large'],
  ['no number', 'many', 5, 'ok'],
  ['no number, over the limit', 'many', 11, 'body-too-large'],
  ['negative', '-1', 11, 'body-too-large'],
  ['beyond numbers', '9'.repeat(400), 5, 'body-too-large'],
  ['at the limit', '10', 10, 'ok'],
];
for (const [name, contentLength, size, expected] of lengths) {
  bytes(`a content-length that is ${name}`, async () => {
    const { body, pulled } = chunked([new Uint8Array(size)]);
    const read = await readBody(post(body, { 'content-length': contentLength }), { maxBytes: 10 });
    assert.is(read.ok ? 'ok' : read.reason, expected);
    if (Number(contentLength) > 10) assert.is(pulled(), 0);
  });
}

for (const [encoding, expected] of [
  ['gzip', 'body-encoded'],
  ['br', 'body-encoded'],
  ['Identity, gzip', 'body-encoded'],
  ['identity', 'ok'],
  [' IDENTITY ', 'ok'],
  ['', 'ok'],
] as const) {
  bytes(`content-encoding ${JSON.stringify(encoding)} is ${expected}`, async () => {
    const read = await readBody(post('x', { 'content-encoding': encoding }), { maxBytes: 10 });
    assert.is(read.ok ? 'ok' : read.reason, expected);
  });
}

const unreadable = { ok: false, reason: 'body-unreadable' } as const;

bytes('a body that breaks off is unreadable', async () => {
  const { body } = chunked([new Uint8Array(1), new Error('reset')]);
  assert.equal(await readBody(post(body), { maxBytes: 10 }), unreadable);
});

bytes('so is one that was read already, or is being read by others', async () => {
  const used = post('x');
  await used.text();
  assert.equal(await readBody(used, { maxBytes: 10 }), unreadable);
  const locked = post('x');
  locked.body?.getReader();
  assert.equal(await readBody(locked, { maxBytes: 10 }), unreadable);
});

bytes('so is one that is no stream of bytes', async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue('text');
      controller.close();
    },
  });
  assert.equal(await readBody(post(body), { maxBytes: 10 }), unreadable);
});

bytes('so is one whose reader has given up, before or while it is read', async () => {
  assert.equal(await readBody(post('x'), { maxBytes: 10, signal: AbortSignal.abort() }), unreadable);
  const controller = new AbortController();
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: () => new Promise(() => {}),
    cancel() {
      cancelled = true;
    },
  });
  const reading = readBody(post(body), { maxBytes: 10, signal: controller.signal });
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  assert.equal(await reading, unreadable);
  assert.ok(cancelled);
});

bytes('a body that was read leaves nothing on the signal', async () => {
  const { signal } = new AbortController();
  await readBody(post('x'), { maxBytes: 10, signal });
  await readBody(post('x'), { maxBytes: 0, signal });
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

bytes('a limit that is no number is the programmer’s mistake, not the absence of one', async () => {
  for (const maxBytes of [Number.NaN, -1, undefined as never]) {
    await rejects(readBody(post('x'), { maxBytes }), RangeError, /maxBytes/);
  }
});

bytes.run();

const text = suite('read-body · readText');

const texts: readonly [name: string, given: number[], expected: string | undefined][] = [
  ['ASCII', [0x61], 'a'],
  ['several bytes per sign', [0xf0, 0x9f, 0x8d, 0x95], '🍕'],
  ['a byte-order mark, dropped', [0xef, 0xbb, 0xbf, 0x61], 'a'],
  ['a second byte-order mark, kept', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], '\u{FEFF}'],
  ['a lone continuation byte', [0x80], undefined],
  ['a sign that breaks off', [0xf0, 0x9f, 0x8d], undefined],
  ['an overlong form', [0xc0, 0xaf], undefined],
  ['a surrogate', [0xed, 0xa0, 0x80], undefined],
  ['UTF-16', [0xff, 0xfe, 0x61, 0x00], undefined],
];
for (const [name, given, expected] of texts) {
  text(`${expected === undefined ? 'refuses' : 'reads'} ${name}`, async () => {
    const read = await readText(post(new Uint8Array(given)), { maxBytes: 100 });
    if (expected === undefined) assert.equal(read, { ok: false, reason: 'body-not-utf8' });
    else assert.equal(read.ok && [read.text, [...read.bytes]], [expected, given], 'the bytes stay as they came');
  });
}

text('passes on why there are no bytes', async () => {
  assert.equal(await readText(post('long'), { maxBytes: 1 }), { ok: false, reason: 'body-too-large' });
});

text.run();

const asJson = suite('read-body · readJson');
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const jsons: readonly [given: string, maxDepth: number | undefined, expected: unknown][] = [
  ['{"a":[1,null,"b"]}', undefined, { a: [1, null, 'b'] }],
  ['7', undefined, 7],
  ['\u{FEFF}{}', undefined, {}],
  ['', undefined, 'body-not-json'],
  ['{', undefined, 'body-not-json'],
  ['{"a":1}x', undefined, 'body-not-json'],
  ['a=1', undefined, 'body-not-json'],
  [nested(32), undefined, JSON.parse(nested(32))],
  [nested(33), undefined, 'body-too-deep'],
  [nested(100_000), undefined, 'body-too-deep'],
  [nested(2), 1, 'body-too-deep'],
  ['{"a":"[[[[\\"[[[["}', 1, { a: '[[[["[[[[' }],
  ['[{},{},{}]', 2, [{}, {}, {}]],
  [`${']'.repeat(50)}${'['.repeat(50)}`, undefined, 'body-not-json'],
];
for (const [given, maxDepth, expected] of jsons) {
  asJson(`reads ${given.slice(0, 24)} with ${maxDepth ?? 'the default'} levels`, async () => {
    const read = await readJson(post(given), { maxBytes: 1_000_000, maxDepth });
    assert.equal(read.ok ? read.value : read.reason, expected);
  });
}

asJson('a member named __proto__ is a member', async () => {
  const read = await readJson(post('{"__proto__":{"admin":true}}'), { maxBytes: 100 });
  assert.ok(read.ok && !('admin' in (read.value as object)));
});

asJson('passes on why there is no text', async () => {
  assert.equal(await readJson(post(new Uint8Array([0xff])), { maxBytes: 10 }), { ok: false, reason: 'body-not-utf8' });
});

asJson('a depth out of range is the programmer’s mistake', async () => {
  for (const maxDepth of [0, 1001, Number.NaN]) {
    await rejects(readJson(post('{}'), { maxBytes: 10, maxDepth }), RangeError, /maxDepth/);
  }
});

asJson.run();

const asObject = suite('read-body · readJsonObject, parseJsonObject');

for (const [given, expected] of [
  ['{"a":1}', { a: 1 }],
  ['\u{FEFF}{}', {}],
  ['[]', 'body-not-object'],
  ['null', 'body-not-object'],
  ['"{}"', 'body-not-object'],
  ['7', 'body-not-object'],
  ['', 'body-not-json'],
  ['{', 'body-not-json'],
  ['{"a":[]}', 'body-too-deep'],
  ['{"a":"\xff"}', 'body-not-utf8'],
] as const) {
  asObject(`reads ${JSON.stringify(given)}`, async () => {
    const sent = given.includes('\xff') ? Uint8Array.from(given, (char) => char.charCodeAt(0)) : encode(given);
    for (const read of [
      await readJsonObject(post(sent), { maxBytes: 100, maxDepth: 1 }),
      parseJsonObject(sent, { maxDepth: 1 }),
    ]) {
      assert.equal(read.ok ? read.value : read.reason, expected);
      if (read.ok) assert.equal([...read.bytes], [...sent], 'the bytes stay as they came');
    }
  });
}

asObject('names of the prototype are members that were written or none', () => {
  const read = parseJsonObject(encode('{"__proto__":{"admin":true},"constructor":1}'));
  assert.ok(read.ok);
  if (!read.ok) return;
  assert.equal(ownMember(read.value, '__proto__'), { admin: true });
  assert.is(ownMember(read.value, 'constructor'), 1);
  assert.is(ownMember(read.value, 'admin'), undefined);
  assert.is(ownMember(read.value, 'toString'), undefined);
});

asObject('passes on why there are no bytes, and refuses a depth out of range', async () => {
  assert.equal(await readJsonObject(post('{"a":1}'), { maxBytes: 1 }), { ok: false, reason: 'body-too-large' });
  assert.throws(
    () => parseJsonObject(encode('{}'), { maxDepth: 0 }),
    (error: unknown) => error instanceof RangeError && error.message.includes('maxDepth'),
  );
});

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

asObject.run();

const properties = suite('read-body · properties');
const reasons = [
  'body-too-large',
  'body-encoded',
  'body-unreadable',
  'body-not-utf8',
  'body-not-json',
  'body-too-deep',
];
const headerText = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)) });

properties('never throws for any bytes in any chunks and any headers', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 });
  await property(
    fc.asyncProperty(chunks, headerText, headerText, fc.nat(100), async (list, length, encoding, maxBytes) => {
      const headers = { 'content-length': length, 'content-encoding': encoding };
      const read = await readJson(post(chunked(list).body, headers), { maxBytes });
      if (!read.ok) assert.ok(reasons.includes(read.reason));
      else assert.ok(read.bytes.byteLength <= maxBytes);
    }),
  );
});

properties('gives what was sent, however it was cut', async () => {
  await property(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), async (list) => {
      const whole = list.flatMap((chunk) => [...chunk]);
      const read = await readBody(post(chunked(list).body), { maxBytes: whole.length });
      assert.equal(read.ok && [...read.bytes], whole);
      if (whole.length === 0) return;
      const short = await readBody(post(chunked(list).body), { maxBytes: whole.length - 1 });
      assert.equal(short, { ok: false, reason: 'body-too-large' });
    }),
  );
});

properties('reads any JSON as JSON.parse does', async () => {
  await property(
    fc.asyncProperty(fc.json({ maxDepth: 5 }), async (given) => {
      const read = await readJson(post(given), { maxBytes: 1_000_000 });
      assert.is(read.ok && JSON.stringify(read.value), JSON.stringify(JSON.parse(given)));
    }),
  );
});

properties.run();

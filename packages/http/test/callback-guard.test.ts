import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCallbackGuard } from '../src/callback-guard.ts';

const guarding = suite('callback-guard · createCallbackGuard');
const context = { request: new Request('https://api.example.com/'), response: new Response() };
const progress = { percent: 1, transferredBytes: 1, totalBytes: 1 };

guarding('leaves options without callbacks as they are', () => {
  const options = { timeout: 1 };
  assert.is(createCallbackGuard().guard(options), options);
});

guarding('gives no callback that was not given', () => {
  const { guard } = createCallbackGuard();
  assert.equal(Object.keys(guard({ parseJson: () => 1 })), ['parseJson']);
  assert.equal(Object.keys(guard({ onDownloadProgress: () => {} })), ['onDownloadProgress']);
});

guarding('tells which callback an error came from, and of no other', async () => {
  const { guard, sourceOf } = createCallbackGuard();
  const errors = [new Error('a'), new Error('b')] as const;
  const guarded = guard({
    parseJson() {
      throw errors[0];
    },
    onDownloadProgress() {
      throw errors[1];
    },
    timeout: 1,
  });
  assert.is(guarded.timeout, 1);
  await assertThrown(() => guarded.parseJson?.('', context), errors[0]);
  await assertThrown(() => guarded.onDownloadProgress?.(progress, new Uint8Array()), errors[1]);
  assert.equal(
    errors.map((error) => sourceOf(error)?.source),
    ['parseJson', 'onDownloadProgress'],
  );
  assert.equal([new Error('c'), 'text', null, undefined].map(sourceOf), Array(4).fill(undefined));
});

for (const value of ['text', 7, null, undefined, false]) {
  guarding(`recognises ${String(value)} too, which is no object`, async () => {
    const { guard, sourceOf } = createCallbackGuard();
    const { parseJson } = guard({ parseJson: () => Promise.reject(value) });
    const told = await Promise.resolve(parseJson?.('', context)).catch((error: unknown) => error);
    assert.equal(sourceOf(told), { source: 'parseJson', error: value });
    assert.is(sourceOf(value), undefined);
  });
}

async function assertThrown(call: () => unknown, expected: unknown): Promise<void> {
  let thrown: unknown;
  try {
    await call();
  } catch (error) {
    thrown = error;
  }
  assert.is(thrown, expected);
}

guarding.run();

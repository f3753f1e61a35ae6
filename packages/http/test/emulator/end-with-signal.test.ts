import { getEventListeners } from 'node:events';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endWithSignal } from '../../src/emulator/end-with-signal.ts';

const ends = suite('end-with-signal');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

ends('leaves an answer what it is, and nobody listening', async () => {
  const { signal } = new AbortController();
  const given = new Response('whole', { status: 203, statusText: 'So', headers: { a: 'b' } });
  const response = await endWithSignal(Promise.resolve(given), signal);
  assert.equal(
    [response.status, response.statusText, response.headers.get('a'), await response.text()],
    [203, 'So', 'b', 'whole'],
  );
  assert.is(getEventListeners(signal, 'abort').length, 0);
  const empty = new Response(null, { status: 204 });
  assert.is(await endWithSignal(Promise.resolve(empty), signal), empty);
});

ends('passes on what the route throws', async () => {
  const { signal } = new AbortController();
  await rejects(endWithSignal(Promise.reject(new RangeError('no')), signal), RangeError, /^no$/);
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

ends('waits no longer than the signal', async () => {
  const controller = new AbortController();
  const waiting = endWithSignal(new Promise(() => {}), controller.signal);
  controller.abort(new RangeError('mine'));
  await rejects(waiting, RangeError, /^mine$/);
});

ends('breaks a body off at the signal, and tells its source', async () => {
  const controller = new AbortController();
  let cancelled: unknown;
  const source = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(bytes('half')),
    cancel(reason) {
      cancelled = reason;
    },
  });
  const response = await endWithSignal(Promise.resolve(new Response(source)), controller.signal);
  const reader = response.body?.getReader();
  assert.equal((await reader?.read())?.value, bytes('half'));
  const more = reader?.read() ?? Promise.resolve();
  const reason = new RangeError('mine');
  controller.abort(reason);
  await rejects(more, RangeError, /^mine$/);
  assert.is(cancelled, reason);
});

ends('breaks off a body that comes after the signal', async () => {
  const controller = new AbortController();
  const answer = Promise.resolve(new Response(new ReadableStream({})));
  const response = endWithSignal(answer, controller.signal);
  await answer.then(() => queueMicrotask(() => controller.abort(new RangeError('mine'))));
  await rejects(
    response.then((late) => late.text()),
    RangeError,
    /^mine$/,
  );
});

ends('gives what came before a body broke off by itself', async () => {
  const pieces = [bytes('half')];
  const source = new ReadableStream<Uint8Array>(
    {
      pull(stream) {
        const piece = pieces.pop();
        if (piece === undefined) stream.error(new RangeError('broke'));
        else stream.enqueue(piece);
      },
    },
    { highWaterMark: 0 },
  );
  const { signal } = new AbortController();
  const reader = (await endWithSignal(Promise.resolve(new Response(source)), signal)).body?.getReader();
  assert.equal((await reader?.read())?.value, bytes('half'));
  await rejects(reader?.read() ?? Promise.resolve(), RangeError, /^broke$/);
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

ends('stops the source of a body that nobody wants', async () => {
  let cancelled: unknown;
  const source = new ReadableStream<Uint8Array>({
    cancel(reason) {
      cancelled = reason;
    },
  });
  const { signal } = new AbortController();
  const response = await endWithSignal(Promise.resolve(new Response(source)), signal);
  await response.body?.cancel('enough');
  assert.is(cancelled, 'enough');
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

ends.run();

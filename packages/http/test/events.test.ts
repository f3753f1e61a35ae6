import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emit } from '../src/events.ts';

const emitting = suite('events · emit');

emitting('hands the event over', () => {
  const seen: unknown[] = [];
  emit((event: { type: string }) => void seen.push(event), { type: 'request' });
  assert.equal(seen, [{ type: 'request' }]);
});

emitting('needs no subscriber', () => emit(undefined, { type: 'request' }));

emitting('a subscriber that throws changes nothing', () => {
  emit(() => {
    throw new Error('its own affair');
  }, {});
});

emitting('nor does one that rejects', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    emit(async () => {
      throw new Error('its own affair');
    }, {});
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', note);
  }
  assert.equal(unhandled, []);
});

emitting.run();

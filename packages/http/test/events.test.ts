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

/** Collects what is rejected and handled by nobody while `run` and one turn of the loop pass. */
async function unhandledOf(run: () => void): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    run();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', note);
  }
  return unhandled;
}

emitting('nor does one that rejects', async () => {
  const subscriber = async (): Promise<void> => {
    throw new Error('its own affair');
  };
  assert.equal(await unhandledOf(() => emit(subscriber, {})), []);
});

emitting('nor does one that gives a promise of another library', async () => {
  let told = false;
  const promise = {
    // biome-ignore lint/suspicious/noThenProperty: this is what such a promise is
    then(_: unknown, reject: (reason: unknown) => void): void {
      told = true;
      reject(new Error('its own affair'));
    },
  };
  assert.equal(await unhandledOf(() => emit(() => promise, {})), []);
  assert.ok(told);
});

emitting.run();

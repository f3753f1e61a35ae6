import { manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError } from '../src/errors.ts';
import { assertExpiry, readExpiry } from '../src/expiry.ts';
import { memoryStore } from '../src/memory-store.ts';
import { renewableCredential } from '../src/renewable-credential.ts';
import type { RenewableCredential } from '../src/renewable-credential-options.ts';

const reading = suite('expiry · readExpiry');

const giving = (given: unknown): { expiresAtMs: () => number } => ({ expiresAtMs: () => given as number });

for (const given of [0, 1e15, -5, Number.POSITIVE_INFINITY, undefined]) {
  reading(`${given} is an end, or the word that there is none`, () => {
    assert.is(readExpiry(giving(given), {}), given);
    assertExpiry(giving(given), {});
  });
}

for (const given of [Number.NaN, Number.NEGATIVE_INFINITY, null, '5', {}]) {
  reading(`${JSON.stringify(given)} cannot be read, and the mistake has the option's name`, () => {
    assert.ok(Number.isNaN(readExpiry(giving(given), {})));
    assert.throws(() => assertExpiry(giving(given), {}), /^expiresAtMs must give/);
  });
}

reading('neither can what the option throws over', () => {
  const options = {
    expiresAtMs: (): number => {
      throw new RangeError('hush');
    },
  };
  assert.ok(Number.isNaN(readExpiry(options, {})));
  assert.throws(
    () => assertExpiry(options, {}),
    (error: Error) => error instanceof TypeError && !error.message.includes('hush'),
  );
});

reading.run();

interface Grant {
  readonly number: number;
  readonly expiresAtMs: number;
}

interface Fleet {
  readonly clock: ReturnType<typeof manualClock>;
  /** Numbers of the grants that were spent, in order. */
  readonly spent: number[];
  readonly events: string[];
  process(): RenewableCredential<Grant>;
}

/** Processes whose provider leaves the lifetime out of its second answer. */
function fleet(renewal: 'repeatable' | 'rotating', isShared: boolean): Fleet {
  const clock = manualClock();
  const store = isShared ? memoryStore({ clock }) : undefined;
  const spent: number[] = [];
  const events: string[] = [];
  let number = 0;
  return {
    clock,
    spent,
    events,
    process: () =>
      renewableCredential<Grant>({
        provider: 'sample',
        key: 'sample/1',
        renewal,
        issue: async ({ previous }) => {
          if (previous !== undefined) spent.push(previous.number);
          number += 1;
          return { number, expiresAtMs: number === 2 ? Number.NaN : clock() + 1000 };
        },
        toHeaders: (grant) => ({ 'x-token': String(grant.number) }),
        expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
        onEvent: ({ type }) => events.push(type.replace('credential-', '')),
        marginMs: 0,
        store,
        clock,
      }),
  };
}

const unreadable = suite('renewable-credential · an end that cannot be read');

async function assertMistake(credential: RenewableCredential<Grant>): Promise<void> {
  const { message } = await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.match(message, 'expiresAtMs');
}

for (const isShared of [false, true]) {
  const where = isShared ? 'with a store' : 'without a store';
  unreadable(`${where}: what rotates is kept, for it is what the next one is got with`, async () => {
    const { clock, spent, events, process } = fleet('rotating', isShared);
    const credential = process();
    await credential.get();
    clock.advance(1000);
    await assertMistake(credential);
    assert.equal(events, ['issued', 'renewed', 'failed']);
    assert.is((await credential.get()).number, 3);
    assert.equal(spent, [1, 2]);
  });

  unreadable(`${where}: what is repeatable is not kept`, async () => {
    const { clock, spent, process } = fleet('repeatable', isShared);
    const credential = process();
    await credential.get();
    clock.advance(1000);
    await assertMistake(credential);
    assert.is(credential.peek()?.number, 1);
    assert.is((await credential.get()).number, 3);
    assert.equal(spent, [1, 1]);
  });
}

unreadable('the rest of the fleet goes on from what was kept', async () => {
  const { clock, spent, process } = fleet('rotating', true);
  const [one, two] = [process(), process()];
  await one.get();
  await two.get();
  clock.advance(1000);
  await assertMistake(one);
  assert.is((await two.get()).number, 3);
  assert.is((await one.get()).number, 3);
  assert.equal(spent, [1, 2]);
});

unreadable.run();

import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFlights, type Flights, type JoinOptions } from '../../src/server/flights.ts';
import { createLiveness, type WorkOutcome } from '../../src/server/liveness.ts';
import { settled } from '../gated-store.ts';
import { endedWithRequest } from '../mortal-timers.ts';

/** What becomes of a piece of work: a value, a failure, or nothing because it dies. */
type Course = number | Error | 'dies';

interface Scene {
  readonly flights: Flights<string, number>;
  join(key?: string, options?: JoinOptions): Promise<WorkOutcome<number>>;
  readonly begun: () => number;
  readonly deaths: () => number;
}

function scene(courses: readonly Course[], { waitUntil }: { readonly waitUntil?: () => void } = {}): Scene {
  let begun = 0;
  let deaths = 0;
  const flights = createFlights<string, number>(
    createLiveness({
      waitUntil,
      silenceMs: 16,
      setTimer: (ring, ms) => setTimeout(courses[begun - 1] === 'dies' ? () => {} : ring, ms),
    }),
  );
  const run = async (): Promise<number> => {
    const course = courses[begun];
    begun += 1;
    for (let turn = 0; turn < 5; turn += 1) await settled();
    if (course instanceof Error) throw course;
    return course === 'dies' || course === undefined ? new Promise(() => {}) : course;
  };
  const onDeath = (): void => {
    deaths += 1;
  };
  return {
    flights,
    join: (key = 'key', options = {}) => flights.join(key, run, { onDeath, ...options }),
    begun: () => begun,
    deaths: () => deaths,
  };
}

const gives = (value: number): WorkOutcome<number> => ({ ok: true, value });
const flights = suite('server · flights');

flights('one is for all who wait for the same, and another for who comes later', async () => {
  const { join, begun } = scene([1, 2, 3]);
  assert.equal(await Promise.all([join('a'), join('b'), join('a')]), [gives(1), gives(2), gives(1)]);
  assert.equal(await join('a'), gives(3));
  assert.is(begun(), 3);
});

flights('one that fails is not begun anew', async () => {
  const { join, begun, deaths } = scene([new RangeError('no'), 2]);
  const waiting = [join(), join()].map((one) => rejects(one, RangeError, /no/));
  await Promise.all(waiting);
  assert.equal([begun(), deaths()], [1, 0]);
  assert.equal(await join(), gives(2));
});

flights('one that dies is begun anew once, for all who wait, and its death told once', async () => {
  const { join, begun, deaths } = scene(['dies', 2]);
  assert.equal(await Promise.all([join(), join(), join()]), [gives(2), gives(2), gives(2)]);
  assert.equal([begun(), deaths()], [2, 1]);
});

flights('one that the platform says is dead counts the same, at once', async () => {
  const word = new Error('created by a request that has since ended');
  const { join } = createFlights<string, number>(createLiveness());
  let begun = 0;
  const run = (): Promise<number> => {
    begun += 1;
    return begun === 2 ? settled().then(() => 2) : endedWithRequest(word);
  };
  assert.equal(await Promise.all([join('key', run), join('key', run)]), [gives(2), gives(2)]);
  assert.equal(await join('key', run), { ok: false, reason: 'died', error: word });
  assert.is(begun, 4);
});

flights('when its successor dies too, that is said, and nobody joins it', async () => {
  const { flights: room, join, begun, deaths } = scene(['dies', 'dies', 3]);
  assert.equal(await join(), { ok: false, reason: 'died', error: undefined });
  assert.equal([begun(), deaths()], [2, 2]);
  assert.is(room.underWay('key'), undefined);
  assert.equal(await join(), gives(3));
});

flights('when its successor fails, that is its failure', async () => {
  const { join, begun } = scene(['dies', new RangeError('no')]);
  await rejects(join(), RangeError, /no/);
  assert.is(begun(), 2);
});

flights('who comes after it was left begins anew; who waited already gets its value', async () => {
  const { flights: room, join, begun } = scene([1, 2]);
  const first = join();
  room.leave('key');
  assert.equal(await Promise.all([first, join()]), [gives(1), gives(2)]);
  assert.is(begun(), 2);
});

flights('is told what is under way, and nothing afterwards', async () => {
  const { flights: room, join } = scene([1]);
  assert.is(room.underWay('key'), undefined);
  const first = join();
  assert.equal(await room.underWay('key')?.outcome(), gives(1));
  await first;
  assert.is(room.underWay('key'), undefined);
});

for (const [who, index] of [
  ['began it', 0],
  ['joined it', 1],
] as const) {
  flights(`nobody joins one after one who ${who} has given up; who waited already gets its value`, async () => {
    const { join, begun, deaths } = scene([1, 2]);
    const leaving = new AbortController();
    const waiting = [0, 1, 2].map((n) => join('key', n === index ? { signal: leaving.signal } : {}));
    leaving.abort();
    await settled();
    const later = join();
    const expected = [gives(1), gives(1), gives(1)].with(index, { ok: false, reason: 'aborted' });
    assert.equal(await Promise.all(waiting), expected);
    assert.equal(await later, gives(2));
    assert.equal([begun(), deaths()], [2, 0]);
  });
}

flights('where the platform keeps it going, one is joined also after who began it has given up', async () => {
  const { join, begun } = scene([1, 2], { waitUntil: () => {} });
  const leaving = new AbortController();
  const first = join('key', { signal: leaving.signal });
  leaving.abort();
  await settled();
  assert.equal(await Promise.all([first, join()]), [{ ok: false, reason: 'aborted' }, gives(1)]);
  assert.is(begun(), 1);
});

flights('who has given up already begins nothing, nor anew what has died', async () => {
  const { join, begun } = scene(['dies', 2]);
  assert.equal(await join('key', { signal: AbortSignal.abort() }), { ok: false, reason: 'aborted' });
  assert.is(begun(), 0);
  const leaving = new AbortController();
  await join('key', { signal: leaving.signal, onDeath: () => leaving.abort() });
  assert.is(begun(), 1);
});

flights.run();

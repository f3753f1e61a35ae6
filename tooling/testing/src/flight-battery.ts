import * as assert from 'uvu/assert';
import { withVirtualTimers } from './virtual-timers.ts';

/** A piece of work that a test ends. */
export interface BegunWork {
  succeed(): void;
  fail(): void;
}

/** What does a piece of work once for all who ask for it at the same time. */
export interface SharedWork {
  /** Asks for what the work gives, until the signal says that nobody waits for it any more. */
  ask(signal?: AbortSignal): Promise<unknown>;
  /** What was begun so far. */
  readonly begun: readonly BegunWork[];
}

/** What {@link flightBattery} is made from. */
export interface FlightBatteryOptions {
  /** Makes one; `waitUntil` is the platform's. */
  readonly make: (options: {
    readonly waitUntil?: (work: Promise<unknown>) => void;
  }) => SharedWork | Promise<SharedWork>;
  /** What becomes of work that one who waited gave up: others join it all the same, or begin their own. */
  readonly givenUp: 'joined' | 'left';
  /** Whether it can tell the platform of its work. */
  readonly canOutlive: boolean;
}

type Case = readonly [name: string, run: () => Promise<void>];

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
};

const longestMs = 60_000;

/** Waits until so many pieces of work have begun, whatever has to be loaded before; nobody begins one too many unseen. */
async function untilBegun({ begun }: SharedWork, count: number): Promise<void> {
  const untilMs = performance.now() + longestMs;
  while (begun.length < count && performance.now() < untilMs) await new Promise(setImmediate);
  await turns();
}

/** What holds for all work that requests share, and that may end with the request that began it: cases for a suite. */
export function flightBattery({ make, givenUp, canOutlive }: FlightBatteryOptions): readonly Case[] {
  /** Asks so many times; all of them wait by the time that it returns, when so many pieces of work have begun. */
  async function asked(work: SharedWork, times: number, count: number): Promise<readonly Promise<unknown>[]> {
    const asking = Array.from({ length: times }, () => work.ask());
    for (const one of asking) one.catch(() => {}); // looked at later
    await untilBegun(work, count);
    return asking;
  }

  /** Has one who asks give up, and asks again; gives how many pieces of work that takes. */
  async function countAfterGivingUp(work: SharedWork, expected: number): Promise<number> {
    const leaving = new AbortController();
    work.ask(leaving.signal).catch(() => {}); // nobody waits for it
    await untilBegun(work, 1);
    leaving.abort();
    await turns();
    const [later] = await asked(work, 1, expected);
    work.begun.at(-1)?.succeed();
    await later;
    return work.begun.length;
  }

  const kept: readonly Case[] = [
    [
      'tells the platform of the work, until it has ended, well or not',
      async () => {
        for (const end of ['succeed', 'fail'] as const) {
          const told: Promise<unknown>[] = [];
          const work = await make({ waitUntil: (one) => void told.push(one) });
          const [waiting] = await asked(work, 1, 1);
          assert.ok(told.length > 0);
          let isOver = false;
          const over = Promise.all(told).then(() => {
            isOver = true;
          });
          await turns();
          assert.is(isOver, false);
          work.begun[0]?.[end]();
          await Promise.allSettled([waiting]);
          await over;
        }
      },
    ],
    [
      'joins what the platform keeps going, also after one has given it up',
      async () => assert.is(await countAfterGivingUp(await make({ waitUntil: () => {} }), 1), 1),
    ],
  ];

  return [
    [
      'does the work once for all who ask meanwhile',
      async () => {
        const work = await make({});
        const waiting = await asked(work, 3, 1);
        assert.is(work.begun.length, 1);
        work.begun[0]?.succeed();
        const [first, ...others] = await Promise.all(waiting);
        for (const other of others) assert.equal(other, first);
        assert.is(work.begun.length, 1);
      },
    ],
    [
      'a failure is everybody’s who waits, and nobody’s afterwards',
      async () => {
        const work = await make({});
        const waiting = await asked(work, 2, 1);
        work.begun[0]?.fail();
        for (const one of await Promise.allSettled(waiting)) assert.is(one.status, 'rejected');
        assert.is(work.begun.length, 1);
        const [later] = await asked(work, 1, 2);
        assert.is(work.begun.length, 2);
        work.begun[1]?.succeed();
        await later;
      },
    ],
    [
      'begins work anew that has died without a word, once for all who ask',
      () =>
        withVirtualTimers(async ({ advance, die }) => {
          const work = await make({});
          await asked(work, 1, 1);
          die();
          const waiting = await asked(work, 3, 1);
          assert.is(work.begun.length, 1);
          while (work.begun.length < 2) await advance(100);
          work.begun[1]?.succeed();
          await Promise.all(waiting);
          assert.is(work.begun.length, 2);
        }),
    ],
    [
      `work that one has given up is ${givenUp} by who asks later`,
      async () => {
        const expected = givenUp === 'left' ? 2 : 1;
        assert.is(await countAfterGivingUp(await make({}), expected), expected);
      },
    ],
    ...(canOutlive ? kept : []),
  ];
}

import { wholeInRange } from './number-options.ts';
import type { Store } from './store-contract.ts';
import { concurrencyChecks } from './test-store/concurrency-checks.ts';
import { connectionChecks } from './test-store/connection-checks.ts';
import { contractChecks } from './test-store/contract-checks.ts';
import { batteryFailure } from './test-store/expect.ts';
import { expiryChecks } from './test-store/expiry-checks.ts';
import { keyChecks } from './test-store/key-checks.ts';
import { modelChecks } from './test-store/model-checks.ts';
import { rewindChecks } from './test-store/rewind-checks.ts';
import {
  type BatterySettings,
  type Check,
  type RefusableKeys,
  type StoreFacility,
  type StoreUnderTest,
  withOperationDeadline,
} from './test-store/store-under-test.ts';

export type { RefusableKeys, StoreFacility, StoreUnderTest };

/** Options of {@link testStore}. */
export interface TestStoreOptions {
  /** Facilities that the factory must offer; a case that lacks one of these fails. Default none: it is left out. */
  readonly require?: readonly StoreFacility[] | undefined;
  /** Kinds of keys that the store refuses, by its documentation. Default none. */
  readonly refusedKeys?: readonly RefusableKeys[] | undefined;
  /** The largest value that the store must keep, in bytes of JSON, 1,024 to 268,435,456. Default 1,048,576. */
  readonly maxValueBytes?: number | undefined;
  /**
   * The unit of every time to live and clock jump, in milliseconds, 1 to 86,400,000; default 60,000. Real time passes
   * during a case as well: half a tick must be longer than the longest case takes.
   */
  readonly tickMs?: number | undefined;
  /**
   * How long one operation may take, in milliseconds, 1 to 600,000, before it counts as hanging; default 5,000. Of a time
   * in which the tests' own process stands still, a quarter at most is counted.
   */
  readonly deadlineMs?: number | undefined;
  /** What the random cases begin from, a whole number from 0 to 4,294,967,295; default 1. Failures name it. */
  readonly seed?: number | undefined;
  /** Calls in each random case, 1 to 1,000,000; default 400. */
  readonly rounds?: number | undefined;
}

/** One case of the battery, for any test runner. */
export interface StoreCase {
  readonly name: string;
  /** What the factory must offer for the case to say anything; undefined where a store alone is enough. */
  readonly needs: StoreFacility | undefined;
  /**
   * Makes a store, checks it, closes it.
   *
   * @returns `left-out` when the factory does not offer what the case needs: nothing was checked, so let the runner say
   *   that it was skipped rather than that it passed.
   * @throws {Error} Named `StoreBatteryFailure`, saying what the store got wrong, or whatever the store rejected with.
   */
  run(): Promise<'passed' | 'left-out'>;
}

/**
 * Lists the cases that a store must pass: the contract, every kind of value and key, expiry, a clock set back, random
 * sequences against a model, callers at the same time, and a lost connection.
 *
 * @param factory Makes a store for one case: a store alone, or with what the battery may do to it.
 * @returns The cases, to be handed to a test runner one by one; the list is the same for every factory.
 * @throws {TypeError | RangeError} Naming the option that is out of range.
 * @example
 * import { testStore } from '@x/http/store';
 * import { test } from 'node:test';
 *
 * for (const { name, run } of testStore(() => myStore())) {
 *   test(name, async (context) => {
 *     if ((await run()) === 'left-out') context.skip();
 *   });
 * }
 */
export function testStore(
  factory: () => Store | StoreUnderTest | Promise<Store | StoreUnderTest>,
  options: TestStoreOptions = {},
): StoreCase[] {
  if (typeof factory !== 'function') throw new TypeError('factory must be a function that makes a store');
  const settings: BatterySettings = {
    seed: wholeInRange('seed', options.seed ?? 1, 0, 0xffff_ffff),
    rounds: wholeInRange('rounds', options.rounds ?? 400, 1, 1_000_000),
    tickMs: wholeInRange('tickMs', options.tickMs ?? 60_000, 1, 86_400_000),
    deadlineMs: wholeInRange('deadlineMs', options.deadlineMs ?? 5_000, 1, 600_000),
    maxValueBytes: wholeInRange('maxValueBytes', options.maxValueBytes ?? 1_048_576, 1_024, 268_435_456),
    refusedKeys: options.refusedKeys ?? [],
  };
  const checks = [
    // functions, because a bundler drops what nobody calls and keeps a list that has to be computed
    ...[...contractChecks(), ...keyChecks(), ...expiryChecks(), ...rewindChecks()],
    ...[...modelChecks, ...concurrencyChecks, ...connectionChecks],
  ];
  return checks.map((check) => ({
    name: check.name,
    needs: check.needs,
    async run() {
      const made = await factory();
      const offered: StoreUnderTest = 'store' in made ? made : { store: made };
      try {
        const missing = check.needs !== undefined && !offers(offered, check.needs) ? check.needs : undefined;
        if (missing !== undefined && options.require?.includes(missing) === true) {
          throw batteryFailure(`the factory offers no ${missing}, which is required`);
        }
        if (missing !== undefined) return 'left-out';
        await runCheck(check, offered, settings);
        return 'passed';
      } finally {
        await offered.close?.();
      }
    },
  }));
}

async function runCheck(check: Check, offered: StoreUnderTest, settings: BatterySettings): Promise<void> {
  const { advance, rewind, disconnect, reconnect, store, peer = store } = offered;
  await check.check({
    ...settings,
    store: withOperationDeadline(store, settings.deadlineMs),
    peer: withOperationDeadline(peer, settings.deadlineMs),
    advance: advance && (async (ms) => advance(ms)),
    rewind: rewind && (async (ms) => rewind(ms)),
    disconnect: async () => disconnect?.(),
    reconnect: async () => reconnect?.(),
  });
}

function offers({ advance, rewind, peer, disconnect, reconnect }: StoreUnderTest, facility: StoreFacility): boolean {
  switch (facility) {
    case 'advance':
      return advance !== undefined;
    case 'rewind':
      return advance !== undefined && rewind !== undefined;
    case 'peer':
      return peer !== undefined;
    case 'connection':
      return disconnect !== undefined && reconnect !== undefined;
  }
}

import type { RandomSource } from '@x/crypto';
import { memoryStore, type Store } from '@x/http/store';
import { type ManualClock, manualClock, seededRandom, withVirtualTimers } from '@x/testing';
import * as assert from 'uvu/assert';
import {
  type CreateEmulatorOptions,
  createEmulator,
  type EmulatedApplication,
  type Emulator,
  type EmulatorSettings,
} from '../src/emulator/index.ts';
import { type CreateQuickBloxOptions, createQuickBlox, type QuickBlox, type QuickBloxEvent } from '../src/index.ts';

export const application: EmulatedApplication = {
  id: 76730,
  authKey: 'ak_test',
  authSecret: 'as_test',
  apiKeys: ['key_test'],
  accountKey: 'account_test',
  users: [
    { id: 7, login: 'anna', email: 'anna+qa@example.com', password: 'p@ss w&rd=1+2%20', fullName: 'Anna' },
    {
      id: 8,
      login: 'otto',
      password: 'пароль😀',
      identities: [
        { provider: 'facebook', token: 'facebook-token' },
        { provider: 'twitter', token: 'twitter-token' },
        { provider: 'firebase_phone', token: 'firebase.id-token' },
      ],
    },
  ],
};

export const anna = { kind: 'login', login: 'anna', password: 'p@ss w&rd=1+2%20' } as const;

export const otto = { kind: 'login', login: 'otto', password: 'пароль😀' } as const;

/** A client and its emulator on one clock, with what the client told. */
export interface Rig {
  readonly clock: ManualClock;
  readonly emulator: Emulator;
  readonly quickblox: QuickBlox;
  readonly events: QuickBloxEvent[];
  /** Calls so far, as `POST /session.json 201`. */
  calls(): string[];
}

export function createRig(
  options: {
    readonly settings?: Partial<EmulatorSettings> & Pick<CreateEmulatorOptions, 'sleep'>;
    readonly applications?: readonly EmulatedApplication[];
    readonly client?: Partial<CreateQuickBloxOptions>;
    readonly store?: Store;
  } = {},
): Rig {
  const clock = manualClock();
  const emulator = createEmulator({
    applications: options.applications ?? [application],
    clock,
    random: seededRandom(2),
    ...options.settings,
  });
  const events: QuickBloxEvent[] = [];
  const { id, authKey, authSecret } = application;
  const quickblox = createQuickBlox({
    applicationId: id,
    authKey,
    authSecret,
    apiKey: 'key_test',
    clock,
    random: seededRandom(3),
    fetch: emulator.fetch,
    timeoutMs: 60_000, // so that a machine that stands still ends no request
    retry: { limit: 0 },
    onEvent: (event) => events.push(event),
    ...(options.store === undefined ? {} : { store: options.store }),
    ...options.client,
  } as CreateQuickBloxOptions);
  const calls = (): string[] =>
    emulator.journal.entries.map(({ method, path, status }) => `${method} ${path} ${status ?? 'dropped'}`);
  return { clock, emulator, quickblox, events, calls };
}

/** How often a call was answered so. */
export function count(calls: readonly string[], call: string): number {
  return calls.filter((one) => one === call).length;
}

/** Something to wait for until the test lets it happen. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/**
 * Runs a test in which a millisecond passes with each turn of the loop, however long the machine takes for that.
 *
 * @param run Is told how many have passed, ten minutes at most.
 */
export function inVirtualTime(run: (elapsedMs: () => number) => Promise<void>): Promise<void> {
  return withVirtualTimers(async ({ advance }) => {
    let nowMs = 0;
    let isOver = false;
    const work = run(() => nowMs).finally(() => {
      isOver = true;
    });
    work.catch(() => {}); // told at the end
    while (!isOver) {
      assert.ok(nowMs < 600_000, 'nothing has come of it in ten minutes');
      await new Promise(setImmediate);
      nowMs += 1;
      await advance(1);
    }
    return work;
  });
}

/** Pauses of random length, in turns of the loop, and a store that makes one before each swap. */
export function createPauses(random: RandomSource): { pause(most: number): Promise<void>; readonly store: Store } {
  const pause = async (most: number): Promise<void> => {
    for (let left = (random(1)[0] ?? 0) % most; left > 0; left -= 1) await new Promise(setImmediate);
  };
  const shared = memoryStore({ clock: manualClock() });
  const store: Store = {
    ...shared,
    async compareAndSet(...change) {
      await pause(4);
      return shared.compareAndSet(...change);
    },
  };
  return { pause, store };
}

import type { JsonValue, RandomSource } from '@x/crypto';
import { type ManualClock, manualClock } from '@x/testing';
import { ResponseError } from '../../src/errors.ts';
import type { CredentialEvent } from '../../src/events.ts';
import { renewableCredential } from '../../src/renewable-credential.ts';
import type { RenewableCredential, RenewableCredentialOptions } from '../../src/renewable-credential-options.ts';
import type { Store } from '../../src/store-contract.ts';
import { readShelf } from '../../src/stored-credential.ts';
import { settled } from '../gated-store.ts';

export interface Session {
  readonly token: string;
  readonly expiresAtMs?: number;
}

/** Something that settles when the test says so. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}
export function gate(): Gate {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** What lies under the credential's key. */
export async function stored(store: Store): Promise<Partial<Session> | undefined> {
  return readShelf<Session>(await store.get('sample/1'))?.value;
}

/** Puts a value there as another process would. */
export function storeForOthers(store: Store, value: JsonValue, fence = 1000): Promise<void> {
  return store.set('sample/1', { fence, value });
}

export interface Bench {
  readonly credential: RenewableCredential<Session>;
  readonly clock: ManualClock;
  /** What `issue` was told, in order. */
  readonly issued: (Session | undefined)[];
  readonly events: CredentialEvent[];
  readonly types: () => string[];
}

let processes = 0;

/** No jitter, and names of its own for each process. */
export function steady(): RandomSource {
  processes += 1;
  const name = processes;
  return (length) => new Uint8Array(length).fill(length === 16 ? name : 0);
}

/** A credential whose values are `t1`, `t2`, …, valid for an hour. */
export function bench(overrides: Partial<RenewableCredentialOptions<Session>> = {}): Bench {
  const clock = (overrides.clock ?? manualClock()) as ManualClock;
  const issued: (Session | undefined)[] = [];
  const events: CredentialEvent[] = [];
  const credential = renewableCredential<Session>({
    provider: 'sample',
    key: 'sample/1',
    issue: async ({ previous }) => {
      issued.push(previous);
      return { token: `t${issued.length}`, expiresAtMs: clock() + 3_600_000 };
    },
    toHeaders: ({ token }) => ({ 'x-token': token }),
    expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
    isRejected: ({ status }) => status === 401,
    random: steady(),
    onEvent: (event) => events.push(event),
    clock,
    ...overrides,
  });
  return { credential, clock, issued, events, types: () => events.map(({ type }) => type.replace('credential-', '')) };
}

export const sentAs = ({ token }: Session): { 'x-token': string } => ({ 'x-token': token });

/** A credential whose issues wait for the gates, in order. */
export function gated(
  overrides: Partial<RenewableCredentialOptions<Session>> = {},
): Bench & { readonly gates: Gate[] } {
  const gates: Gate[] = [];
  const made: Bench = bench({
    issue: async ({ previous }) => {
      made.issued.push(previous);
      const token = `t${made.issued.length}`;
      const own = gate();
      gates.push(own);
      await own.passed;
      return { token, expiresAtMs: made.clock() + 3_600_000 };
    },
    ...overrides,
  });
  return { ...made, gates };
}

export const response = (status: number): ResponseError =>
  new ResponseError({ provider: 'sample', code: 'sample.code', status, message: 'no' });

export const slide: RenewableCredentialOptions<Session>['observe'] = (value, { headers }) => {
  const until = headers.get('x-until');
  return until === null ? undefined : { ...value, expiresAtMs: Number(until) };
};
export const told = (untilMs: number): { status: number; headers: Headers } => ({
  status: 200,
  headers: new Headers({ 'x-until': String(untilMs) }),
});

/** One whose first value is about to expire, and whose renewal is under way: it waits for the second gate. */
export async function renewing(
  overrides: Partial<RenewableCredentialOptions<Session>> = {},
): Promise<ReturnType<typeof gated> & { readonly first: Session }> {
  const made = gated(overrides);
  const waiting = made.credential.get();
  await settled();
  made.gates[0]?.open();
  const first = await waiting;
  made.clock.advance(3_540_000);
  await made.credential.get();
  await settled();
  return { ...made, first };
}

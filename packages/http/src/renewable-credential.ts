import { systemClock, systemRandom } from '@x/crypto/light';
import type { HeaderFields } from './credential.ts';
import { abortedByCaller, answerLost, issueTimedOut, orAborted } from './credential-failure.ts';
import { CredentialError, type CredentialErrorCode } from './errors.ts';
import { emit } from './events.ts';
import { systemSleep } from './rate-limiter/system-sleep.ts';
import {
  type RenewableCredential,
  type RenewableCredentialOptions,
  resolveSettings,
} from './renewable-credential-options.ts';
import { leavesUnspent } from './renewal-failure.ts';
import { fullJitter } from './retry.ts';
import { withDeadline } from './server/deadline.ts';
import { createSharedValue, type Turn } from './shared-value.ts';
import { toCredentialError } from './to-credential-error.ts';

/** Waits between two looks at what another process is issuing: doubled up to the second, random from its half up. */
const firstPauseMs = 25;
const longestPauseMs = 500;

/**
 * Makes a credential that looks after itself.
 *
 * Callers who come while one is being issued wait for that one. While a value is still valid, its renewal runs beside
 * the requests. A request is replayed at most once, after at most one renewal. With a store, the processes of a fleet
 * take turns: whoever finds another one issuing waits for its value. A process that is late with its own, because it
 * stood still for longer than its turn lasts, never displaces a newer one.
 *
 * @throws {RangeError} When a duration is out of range. @throws {TypeError} For an unknown `renewal` or `whenStoreFails`.
 */
export function renewableCredential<Value>(options: RenewableCredentialOptions<Value>): RenewableCredential<Value> {
  const { provider, key, store, isValue, onEvent } = options;
  const { clock = systemClock, random = systemRandom, sleep = systemSleep } = options;
  const { marginMs, issueTimeoutMs, refusalBackoffMs, storeTimeoutMs, renewal, whenStoreFails } =
    resolveSettings(options);
  const isRotating = renewal === 'rotating';
  /** One operation of the store before an issue and one after it belong to the turn as well. */
  const leaseMs = issueTimeoutMs + 3 * storeTimeoutMs;

  let current: { readonly value: Value; readonly aheadMs: number } | undefined;
  let pending: Promise<Value> | undefined;
  /** The value that the provider refused last: not taken from the store again, and told to the next issue. */
  let refused: Value | undefined;
  /** What may be spent, because the answer that would say so was lost, and whether the store knows. */
  let lost:
    | { readonly fields: string | undefined; readonly failure: CredentialError; readonly isMarked: boolean }
    | undefined;
  /** What was issued and could not be stored, while the store says that its predecessor may be spent. */
  let unstored:
    | { readonly value: Value; readonly turn: Turn<Value> | undefined; readonly retryAtMs: number }
    | undefined;
  /** Counted up by `replace` and `clear`: what began before them must not put its value in place any more. */
  let generation = 0;
  let nextAttemptMs = 0;
  /** The last word of a provider that refuses to issue, and until when it is taken for granted. */
  let refusal: { readonly failure: CredentialError; readonly waitMs: number; readonly untilMs: number } | undefined;
  let sliding = false;
  const neverAborted = new AbortController().signal;

  const fieldsOf = (value: Value): string => JSON.stringify(options.toHeaders(value));
  const leftMs = (value: Value): number => (options.expiresAtMs(value) ?? Number.POSITIVE_INFINITY) - clock();
  const isRefused = (value: Value): boolean => refused !== undefined && fieldsOf(value) === fieldsOf(refused);
  const isReadable = (value: Value): boolean => isValue?.(value) ?? areFields(options.toHeaders(value));
  const shared = createSharedValue<Value>({
    store,
    key,
    renewal,
    accepts: (value) => isReadable(value) && leftMs(value) > 0 && !isRefused(value),
    markOf: fieldsOf,
    expiresAtMs: options.expiresAtMs,
    leaseMs,
    storeTimeoutMs,
    clock,
    random,
    onFailure: () => emit(onEvent, { type: 'credential-store-failed', provider, key }),
  });

  function hold(value: Value): void {
    const aheadMs = marginMs + fullJitter(marginMs / 2, random);
    current = { value, aheadMs: Math.min(aheadMs, leftMs(value) / 2) };
    nextAttemptMs = 0;
    refusal = undefined;
    lost = undefined;
  }

  /** A wrong password stays wrong: asking in a loop would get the account locked. Returns how long nobody asks. */
  function holdBack(failure: CredentialError): number {
    const waitMs = Math.min(
      Math.max(refusalBackoffMs, 60_000),
      refusal === undefined ? refusalBackoffMs : refusal.waitMs * 2,
    );
    refusal = { failure, waitMs, untilMs: clock() + waitMs };
    return waitMs;
  }

  async function get({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Value> {
    if (unstored !== undefined && clock() >= unstored.retryAtMs) storeAgain();
    if (current === undefined || leftMs(current.value) <= 0) {
      if (signal?.aborted === true) throw abortedByCaller(provider);
      if (refusal !== undefined && clock() < refusal.untilMs) throw refusal.failure;
      return orAborted(renew(), provider, signal);
    }
    const { value, aheadMs } = current;
    const isHeldBack = refusal !== undefined && clock() < refusal.untilMs;
    if (leftMs(value) <= aheadMs && clock() >= nextAttemptMs && !isHeldBack) {
      nextAttemptMs = clock() + aheadMs / 4;
      renew().catch(() => {}); // told as an event; the value at hand is still good
    }
    emit(onEvent, { type: 'credential-reused', provider, key });
    return value;
  }

  function renew(): Promise<Value> {
    if (pending !== undefined) return pending;
    const issued = obtain().finally(() => {
      if (pending === issued) pending = undefined;
    });
    pending = issued;
    return issued;
  }

  /** Takes over what another process has issued, or issues. */
  async function obtain(): Promise<Value> {
    const began = generation;
    await storeAgain();
    if (unstored !== undefined) return issueAlone(began);
    let waitedMs = 0;
    for (let boundMs = firstPauseMs; ; boundMs = Math.min(2 * boundMs, longestPauseMs)) {
      const result = await shared.takeTurn(isBetter);
      if (generation !== began) {
        if (result.state === 'mine') await shared.giveUp(result.turn);
        return get(); // begin anew with what was put in place, or without what was forgotten
      }
      switch (result.state) {
        case 'found':
          if (isBetter(result.value)) return adopt(result.value);
          break;
        case 'mine':
          return issueInTurn(result.turn, result.stored, began);
        case 'alone':
          return issueAlone(began);
        case 'refused':
          throw fail(credentialError(result.code, 'another process asked a moment ago, and the provider refused'));
        case 'in-doubt':
          throw fail(lost?.failure ?? answerLost(provider));
      }
      if (waitedMs >= leaseMs) {
        if (isRotating)
          throw fail(credentialError('credential.renewal-failed', 'another process does not end its turn'));
        return issueAlone(began);
      }
      const pauseMs = boundMs / 2 + fullJitter(boundMs / 2, random);
      await sleep(pauseMs, neverAborted);
      waitedMs += pauseMs;
    }
  }

  async function issueInTurn(turn: Turn<Value>, stored: Value | undefined, began: number): Promise<Value> {
    if (lost?.isMarked === true) {
      // marked, and yet this process's turn: somebody has put another value in place, or forgotten all
      lost = undefined;
      current = undefined;
      refused = undefined;
    }
    const previous = (isRotating && isValueOf(stored) ? stored : undefined) ?? current?.value ?? refused;
    if (lost === undefined || lost.fields !== fieldsOfAny(previous)) return issue(turn, previous, began);
    // what this process could not tell the store when it happened, it tells now
    await shared.giveUp(turn, { inDoubt: true });
    throw fail(lost.failure);
  }

  /** Without a store, without an answer of it, or after another process has held its turn for too long. */
  async function issueAlone(began: number): Promise<Value> {
    if (lost !== undefined) throw fail(lost.failure);
    if (store !== undefined && whenStoreFails === 'fail') {
      throw fail(credentialError('credential.renewal-failed', 'the store does not tell whose turn it is to issue'));
    }
    return issue(undefined, current?.value ?? refused, began);
  }

  function isBetter(found: Value): boolean {
    if (isRefused(found)) return false; // since it was read
    if (current === undefined) return true;
    // of a value that is spent when its successor is issued, whatever else lies in the store is the successor
    return isRotating ? fieldsOf(found) !== fieldsOf(current.value) : leftMs(found) > leftMs(current.value);
  }

  function adopt(found: Value): Value {
    hold(found);
    emit(onEvent, { type: 'credential-reused', provider, key });
    return found;
  }

  async function issue(turn: Turn<Value> | undefined, previous: Value | undefined, began: number): Promise<Value> {
    let value: Value;
    try {
      const outcome = await withDeadline(issueTimeoutMs, undefined, (signal) => options.issue({ signal, previous }));
      if (!outcome.ok) throw issueTimedOut(provider, issueTimeoutMs);
      value = outcome.value;
    } catch (error) {
      return afterFailure(error, turn, previous, began);
    }
    const isKept = generation === began;
    if (isKept) hold(value);
    emit(onEvent, { type: previous === undefined ? 'credential-issued' : 'credential-renewed', provider, key });
    if (!isKept) {
      if (turn !== undefined) await shared.giveUp(turn);
      return current?.value ?? value; // those who asked before `clear` may still use it, but it is not kept
    }
    const outcome = await shared.publish(value, turn);
    if (generation !== began) return current?.value ?? value;
    if (outcome === 'failed' && isRotating) unstored = { value, turn, retryAtMs: clock() + storeTimeoutMs };
    if (outcome !== 'fenced') return value;
    const newer = await shared.read();
    return newer !== undefined && generation === began && !isRefused(newer) ? adopt(newer) : value;
  }

  async function afterFailure(
    error: unknown,
    turn: Turn<Value> | undefined,
    previous: Value | undefined,
    began: number,
  ): Promise<Value> {
    const inDoubt = isRotating && !leavesUnspent(error);
    const failure = inDoubt ? answerLost(provider, error) : toCredentialError(error, provider);
    const isCurrent = generation === began;
    if (isCurrent && inDoubt) lost = { fields: fieldsOfAny(previous), failure, isMarked: turn !== undefined };
    fail(failure, isCurrent ? 'hold-back' : 'go-on');
    if (turn !== undefined) {
      const { code } = failure;
      const ttlMs = refusal?.waitMs ?? 0;
      const isShared = isCurrent && isVerdict(code) && ttlMs > 0;
      await shared.giveUp(turn, inDoubt ? { inDoubt: true } : isShared ? { refused: { code, ttlMs } } : {});
    }
    if (generation !== began && current !== undefined) return current.value;
    throw failure;
  }

  /** Tells of a failure, and remembers one that will not pass by itself. */
  function fail(failure: CredentialError, then: 'hold-back' | 'go-on' = 'hold-back'): CredentialError {
    emit(onEvent, { type: 'credential-failed', provider, key, code: failure.code });
    if (then === 'hold-back' && isVerdict(failure.code)) holdBack(failure);
    return failure;
  }

  /** Keeps at it: until the store has the value, everybody else believes that it was lost. */
  async function storeAgain(): Promise<void> {
    if (unstored === undefined) return;
    const { value, turn } = unstored;
    unstored = { value, turn, retryAtMs: Number.POSITIVE_INFINITY };
    const tried = unstored;
    const outcome = await shared.publish(value, turn);
    if (unstored === tried) {
      unstored = outcome === 'failed' ? { value, turn, retryAtMs: clock() + storeTimeoutMs } : undefined;
    }
  }

  function isValueOf(stored: Value | undefined): stored is Value & {} {
    try {
      return stored !== undefined && isReadable(stored);
    } catch {
      return false; // of another shape
    }
  }

  function fieldsOfAny(value: Value | undefined): string | undefined {
    return value === undefined ? undefined : fieldsOf(value);
  }

  return {
    get,
    peek: () => current?.value,
    find: async () => current?.value ?? (await shared.read()),
    async headers(context) {
      return options.toHeaders(await get(context));
    },
    observe(answer, sent) {
      const mark = JSON.stringify(sent);
      if (current === undefined || fieldsOf(current.value) !== mark) return;
      const changed = options.observe?.(current.value, answer);
      if (changed === undefined) return;
      current = { value: changed, aheadMs: current.aheadMs };
      const untilMs = options.expiresAtMs(changed) ?? Number.POSITIVE_INFINITY;
      // every answer may slide the expiry: a write for each would cost more than it gives
      const storedMs = shared.storedUntilMs();
      if (sliding || storedMs === undefined || !(untilMs - storedMs >= marginMs)) return;
      sliding = true;
      shared.change(mark, changed).finally(() => {
        sliding = false;
      });
    },
    ...(options.isRejected === undefined ? {} : { isRejected: options.isRejected }),
    async discard(sent) {
      const mark = JSON.stringify(sent);
      if (current === undefined || fieldsOf(current.value) !== mark) return true;
      refused = current.value;
      current = undefined;
      // one that rotates holds what its successor is got with
      if (!isRotating) await shared.change(mark, undefined);
      return true;
    },
    async replace(value) {
      supersede();
      if (isRefused(value)) refused = undefined;
      hold(value);
      await shared.replace(value);
    },
    async clear() {
      supersede();
      current = undefined;
      refused = undefined;
      await shared.remove();
    },
  };

  function supersede(): void {
    generation += 1;
    refusal = undefined;
    lost = undefined;
    unstored = undefined;
    pending = undefined;
  }

  function credentialError(code: CredentialErrorCode, message: string): CredentialError {
    return new CredentialError({ provider, code, message });
  }
}

/** What another version stored may be of another shape, and then give fields without text. */
function areFields(fields: HeaderFields): boolean {
  return Object.values(fields).every((text) => typeof text === 'string');
}

/** Whether the provider's word is that asking again with the same is of no use. */
function isVerdict(code: CredentialErrorCode): boolean {
  return code !== 'credential.renewal-failed';
}

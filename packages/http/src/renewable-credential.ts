import { type Clock, type RandomSource, systemClock, systemRandom } from '@x/crypto/light';
import type { Credential, CredentialAnswer, HeaderFields } from './credential.ts';
import { type CredentialError, RequestError } from './errors.ts';
import { type CredentialEvent, emit } from './events.ts';
import { fullJitter } from './retry.ts';
import { withDeadline } from './server/deadline.ts';
import { createSharedValue, noLease } from './shared-value.ts';
import type { Store } from './store-contract.ts';
import { toCredentialError } from './to-credential-error.ts';

/** Options of {@link renewableCredential}. `Value` must survive JSON, because it goes to the store. */
export interface RenewableCredentialOptions<Value> {
  /** The provider's name in errors and events. */
  readonly provider: string;
  /** Names the credential in the store and in events: everything that tells it from others, and no secret. */
  readonly key: string;
  /**
   * Gets a new value from the provider. Called by one at a time, with a store by one process at a time; `previous` is
   * what it replaces, valid, expired or refused.
   */
  readonly issue: (context: { readonly signal: AbortSignal; readonly previous: Value | undefined }) => Promise<Value>;
  /** The header fields that a value is sent as. Two values with the same fields count as the same credential. */
  readonly toHeaders: (value: Value) => HeaderFields;
  /** When a value stops being accepted, in milliseconds since 1970; undefined when nobody knows. */
  readonly expiresAtMs: (value: Value) => number | undefined;
  /** Says whether a failed answer means that the value is gone and that nothing else happened. Default never. */
  readonly isRejected?: ((answer: CredentialAnswer & { readonly body: string }) => boolean) | undefined;
  /** Reads an answer's word on the value, such as a slid expiry: the changed value, or undefined for no change. */
  readonly observe?: ((value: Value, answer: CredentialAnswer) => Value | undefined) | undefined;
  /**
   * Shares the value between processes, and the right to issue one. Default: this process only. A failing store never
   * fails a request.
   */
  readonly store?: Store | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
  /**
   * How long before expiry a renewal begins, 0 to 86,400,000 ms, with up to half as much jitter; default 60,000. A
   * value that lives shorter is renewed in the second half of its life.
   */
  readonly marginMs?: number | undefined;
  /**
   * Milliseconds in which nobody asks again after the provider refused to issue, 0 to 600,000, doubled with each further
   * refusal up to a minute; default 1,000. Whoever needs the value in that time hears of the refusal at once.
   */
  readonly refusalBackoffMs?: number | undefined;
  /** Milliseconds that one issue may take, 1 to 600,000; default 30,000. */
  readonly issueTimeoutMs?: number | undefined;
  /** Told of every issue, reuse and renewal, without secrets. */
  readonly onEvent?: ((event: CredentialEvent) => void) | undefined;
}

/** A credential that is issued when first needed and renewed before it expires or when it is refused. */
export interface RenewableCredential<Value> extends Credential {
  /** The usable value, issued if there is none. @throws {CredentialError} */
  get(options?: { readonly signal?: AbortSignal | undefined }): Promise<Value>;
  /** The value this process holds, usable or not; nothing is issued. */
  peek(): Value | undefined;
  /** Puts a value in place that came from elsewhere; what is being issued meanwhile does not displace it. */
  replace(value: Value): Promise<void>;
  /** Forgets the value, here and in the store, and what is being issued meanwhile; the next request issues one. */
  clear(): Promise<void>;
}

/**
 * Makes a credential that looks after itself.
 *
 * Callers who come while one is being issued wait for that one. While a value is still valid, its renewal runs beside
 * the requests. A request is replayed at most once, after at most one renewal. With a store, the processes of a fleet
 * take turns: whoever finds another one issuing waits for its value.
 *
 * @throws {RangeError} When `marginMs` or `issueTimeoutMs` is out of range.
 */
export function renewableCredential<Value>(options: RenewableCredentialOptions<Value>): RenewableCredential<Value> {
  const { provider, key, clock = systemClock, random = systemRandom, onEvent } = options;
  const marginMs = inRange('marginMs', options.marginMs ?? 60_000, 0, 86_400_000);
  const issueTimeoutMs = inRange('issueTimeoutMs', options.issueTimeoutMs ?? 30_000, 1, 600_000);
  const refusalBackoffMs = inRange('refusalBackoffMs', options.refusalBackoffMs ?? 1000, 0, 600_000);

  let current: { readonly value: Value; readonly aheadMs: number } | undefined;
  let pending: Promise<Value> | undefined;
  /** The value that the provider refused last: not taken from the store again, and told to the next issue. */
  let refused: Value | undefined;
  /** Counted up by `replace` and `clear`: what began before them must not put its value in place any more. */
  let generation = 0;
  let nextAttemptMs = 0;
  /** The last word of a provider that refuses to issue, and until when it is taken for granted. */
  let refusal: { readonly failure: CredentialError; readonly waitMs: number; readonly untilMs: number } | undefined;
  let sliding = false;

  const fieldsOf = (value: Value): string => JSON.stringify(options.toHeaders(value));
  const leftMs = (value: Value): number => (options.expiresAtMs(value) ?? Number.POSITIVE_INFINITY) - clock();
  const isRefused = (value: Value): boolean => refused !== undefined && fieldsOf(value) === fieldsOf(refused);
  const shared = createSharedValue<Value>({
    store: options.store,
    key,
    accepts: (value) => leftMs(value) > 0 && areFields(options.toHeaders(value)) && !isRefused(value),
    markOf: fieldsOf,
    expiresAtMs: options.expiresAtMs,
    leaseMs: issueTimeoutMs,
    clock,
    random,
    onFailure: () => emit(onEvent, { type: 'credential-store-failed', provider, key }),
  });

  function hold(value: Value): void {
    const aheadMs = marginMs + fullJitter(marginMs / 2, random);
    current = { value, aheadMs: Math.min(aheadMs, leftMs(value) / 2) };
    nextAttemptMs = 0;
    refusal = undefined;
  }

  /** A wrong password stays wrong: asking in a loop would get the account locked. */
  function holdBack(failure: CredentialError): void {
    const waitMs = Math.min(
      Math.max(refusalBackoffMs, 60_000),
      refusal === undefined ? refusalBackoffMs : refusal.waitMs * 2,
    );
    refusal = { failure, waitMs, untilMs: clock() + waitMs };
  }

  async function get({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Value> {
    if (current === undefined || leftMs(current.value) <= 0) {
      if (signal?.aborted === true) throw aborted();
      if (refusal !== undefined && clock() < refusal.untilMs) throw refusal.failure;
      return settle(renew(), signal);
    }
    const { value, aheadMs } = current;
    if (leftMs(value) <= aheadMs && clock() >= nextAttemptMs) {
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
    for (let waitedMs = 0; ; ) {
      const found = await shared.read();
      if (generation !== began) return get();
      if (found !== undefined && isBetter(found)) return adopt(found);
      const lease = await shared.takeLease();
      if (lease !== undefined || waitedMs >= issueTimeoutMs) return issueUnder(lease, began);
      const pauseMs = 50 + fullJitter(100, random);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      waitedMs += pauseMs;
    }
  }

  async function issueUnder(lease: string | undefined, began: number): Promise<Value> {
    try {
      // the one who had the lease before may have issued since the last look
      const found = lease === noLease ? undefined : await shared.read();
      if (generation === began) {
        return found !== undefined && isBetter(found) ? adopt(found) : await issue(lease, began);
      }
    } finally {
      if (lease !== undefined) await shared.releaseLease(lease);
    }
    return get(); // nothing has been issued yet: begin anew with what was put in place, or without what was forgotten
  }

  function isBetter(found: Value): boolean {
    if (isRefused(found)) return false; // since it was read
    return current === undefined || leftMs(found) > leftMs(current.value);
  }

  function adopt(found: Value): Value {
    hold(found);
    emit(onEvent, { type: 'credential-reused', provider, key });
    return found;
  }

  async function issue(lease: string | undefined, began: number): Promise<Value> {
    const previous = current?.value ?? refused;
    let value: Value;
    try {
      const outcome = await withDeadline(issueTimeoutMs, undefined, (signal) => options.issue({ signal, previous }));
      if (!outcome.ok) throw timedOut();
      value = outcome.value;
    } catch (error) {
      const failure = toCredentialError(error, provider);
      emit(onEvent, { type: 'credential-failed', provider, key, code: failure.code });
      if (generation !== began && current !== undefined) return current.value;
      if (generation === began && failure.code === 'credential.refused') holdBack(failure);
      throw failure;
    }
    const kept = generation === began;
    if (kept) hold(value);
    emit(onEvent, { type: previous === undefined ? 'credential-issued' : 'credential-renewed', provider, key });
    // those who asked before `clear` may still use it, but it is not kept
    if (!kept) return current?.value ?? value;
    await shared.publish(value, lease);
    return value;
  }

  return {
    get,
    peek: () => current?.value,
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
      await shared.change(mark, undefined);
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
      await Promise.all([shared.remove(), shared.releaseLease()]);
    },
  };

  function supersede(): void {
    generation += 1;
    refusal = undefined;
    pending = undefined;
  }

  /** Waits for the shared issue, or stops waiting when this caller aborts; the issue goes on for the others. */
  async function settle(issued: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
    if (signal === undefined) return issued;
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(aborted());
      signal.addEventListener('abort', stop, { once: true });
      issued.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  function aborted(): RequestError {
    return new RequestError({ provider, code: 'http.aborted', message: 'the request was aborted by its caller' });
  }

  function timedOut(): RequestError {
    const message = `expected the credential within ${issueTimeoutMs} ms, got none`;
    return new RequestError({ provider, code: 'http.timeout', message });
  }
}

/** What another version stored may be of another shape, and then give fields without text. */
function areFields(fields: HeaderFields): boolean {
  return Object.values(fields).every((text) => typeof text === 'string');
}

function inRange(name: string, value: number, low: number, high: number): number {
  if (!(value >= low && value <= high)) throw new RangeError(`${name} must be from ${low} to ${high}, got ${value}`);
  return value;
}

import { type Clock, type JsonValue, type RandomSource, systemClock, systemRandom } from '@x/crypto';
import type { Credential, CredentialAnswer, HeaderFields } from './credential.ts';
import { CredentialError, isXError, RequestError, ResponseError } from './errors.ts';
import { type CredentialEvent, emit } from './events.ts';
import { redactCause } from './redact.ts';
import { fullJitter } from './retry.ts';
import type { Store } from './store-contract.ts';

/** Options of {@link renewableCredential}. `Value` must survive JSON, because it goes to the store. */
export interface RenewableCredentialOptions<Value> {
  /** The provider's name in errors and events. */
  readonly provider: string;
  /** Names the credential in the store and in events: everything that tells it from others, and no secret. */
  readonly key: string;
  /** Gets a new value from the provider. Called by one at a time; `previous` is what it replaces. */
  readonly issue: (context: { readonly signal: AbortSignal; readonly previous: Value | undefined }) => Promise<Value>;
  /** The header fields that a value is sent as. Two values with the same fields count as the same credential. */
  readonly toHeaders: (value: Value) => HeaderFields;
  /** When a value stops being accepted, in milliseconds since 1970; undefined when nobody knows. */
  readonly expiresAtMs: (value: Value) => number | undefined;
  /** Says whether a failed answer means that the value is gone and that nothing else happened. Default never. */
  readonly isRejected?: ((answer: CredentialAnswer & { readonly body: string }) => boolean) | undefined;
  /** Reads an answer's word on the value, such as a slid expiry: the changed value, or undefined for no change. */
  readonly observe?: ((value: Value, answer: CredentialAnswer) => Value | undefined) | undefined;
  /** Shares the value between processes. Default: this process only. A failing store never fails a request. */
  readonly store?: Store | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: RandomSource | undefined;
  /** How long before expiry a renewal begins, 0 to 86,400,000 ms, with up to half as much jitter; default 60,000. */
  readonly marginMs?: number | undefined;
  /** Milliseconds that one issue may take, 1 to 600,000; default 30,000. */
  readonly issueTimeoutMs?: number | undefined;
  readonly onEvent?: ((event: CredentialEvent) => void) | undefined;
}

/** A credential that is issued when first needed and renewed before it expires or when it is refused. */
export interface RenewableCredential<Value> extends Credential {
  /** The usable value, issued if there is none. @throws {CredentialError} */
  get(options?: { readonly signal?: AbortSignal | undefined }): Promise<Value>;
  /** The value this process holds, usable or not; nothing is issued. */
  peek(): Value | undefined;
  /** Puts a value in place that came from elsewhere. */
  replace(value: Value): Promise<void>;
  /** Forgets the value, here and in the store; the next request issues one. */
  clear(): Promise<void>;
}

/**
 * Makes a credential that looks after itself.
 *
 * Callers who come while one is being issued wait for that one. While a value is still valid, its renewal runs beside
 * the requests. A request is replayed at most once, after at most one renewal.
 *
 * @throws {RangeError} When `marginMs` or `issueTimeoutMs` is out of range.
 */
export function renewableCredential<Value>(options: RenewableCredentialOptions<Value>): RenewableCredential<Value> {
  const { provider, key, store, clock = systemClock, random = systemRandom, onEvent } = options;
  const marginMs = inRange('marginMs', options.marginMs ?? 60_000, 0, 86_400_000);
  const issueTimeoutMs = inRange('issueTimeoutMs', options.issueTimeoutMs ?? 30_000, 1, 600_000);

  let current: { readonly value: Value; readonly aheadMs: number } | undefined;
  let pending: Promise<Value> | undefined;
  /** Fields of the value that the provider refused last, so that it is not taken from the store again. */
  let refused: string | undefined;
  let persistedUntilMs = 0;
  let nextAttemptMs = 0;

  const fieldsOf = (value: Value): string => JSON.stringify(options.toHeaders(value));
  const leftMs = (value: Value): number => (options.expiresAtMs(value) ?? Number.POSITIVE_INFINITY) - clock();

  function hold(value: Value): void {
    current = { value, aheadMs: marginMs + fullJitter(marginMs / 2, random) };
  }

  async function get({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Value> {
    if (current === undefined || leftMs(current.value) <= 0) return settle(renew(), signal);
    const { value, aheadMs } = current;
    if (leftMs(value) <= aheadMs && clock() >= nextAttemptMs) {
      nextAttemptMs = clock() + marginMs / 4;
      renew().catch(() => {}); // told as an event; the value at hand is still good
    }
    emit(onEvent, { type: 'credential-reused', provider, key });
    return value;
  }

  function renew(): Promise<Value> {
    pending ??= obtain().finally(() => {
      pending = undefined;
    });
    return pending;
  }

  async function obtain(): Promise<Value> {
    const previous = current?.value;
    const shared = await readShared();
    if (shared !== undefined && (previous === undefined || leftMs(shared) > leftMs(previous))) {
      hold(shared);
      return shared;
    }
    let value: Value;
    try {
      value = await options.issue({ signal: AbortSignal.timeout(issueTimeoutMs), previous });
    } catch (error) {
      const failure = toCredentialError(error, provider);
      emit(onEvent, { type: 'credential-failed', provider, key, code: failure.code });
      throw failure;
    }
    hold(value);
    emit(onEvent, { type: previous === undefined ? 'credential-issued' : 'credential-renewed', provider, key });
    await persist(value);
    return value;
  }

  async function readShared(): Promise<Value | undefined> {
    const stored = await withStore((open) => open.get(key));
    if (stored === undefined) return undefined;
    const value = stored as Value;
    return leftMs(value) > 0 && fieldsOf(value) !== refused ? value : undefined;
  }

  async function persist(value: Value): Promise<void> {
    const untilMs = options.expiresAtMs(value);
    persistedUntilMs = untilMs ?? Number.POSITIVE_INFINITY;
    const ttlMs = untilMs === undefined ? undefined : Math.max(1, untilMs - clock());
    await withStore((open) => open.set(key, value as JsonValue, { ttlMs }));
  }

  /** A store that fails costs the sharing, never the request. */
  async function withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result | undefined> {
    if (store === undefined) return undefined;
    try {
      return await use(store);
    } catch {
      emit(onEvent, { type: 'credential-store-failed', provider, key });
      return undefined;
    }
  }

  return {
    get,
    peek: () => current?.value,
    async headers(context) {
      return options.toHeaders(await get(context));
    },
    observe(answer, sent) {
      if (current === undefined || fieldsOf(current.value) !== JSON.stringify(sent)) return;
      const changed = options.observe?.(current.value, answer);
      if (changed === undefined) return;
      current = { value: changed, aheadMs: current.aheadMs };
      if ((options.expiresAtMs(changed) ?? 0) - persistedUntilMs < marginMs) return;
      persist(changed).catch(() => {}); // told as an event
    },
    ...(options.isRejected === undefined ? {} : { isRejected: options.isRejected }),
    async discard(sent) {
      const fields = JSON.stringify(sent);
      if (current === undefined || fieldsOf(current.value) !== fields) return true;
      const { value } = current;
      refused = fields;
      current = undefined;
      await withStore((open) => open.compareAndSet(key, value as JsonValue, undefined));
      return true;
    },
    async replace(value) {
      hold(value);
      await persist(value);
    },
    async clear() {
      current = undefined;
      await withStore((open) => open.delete(key));
    },
  };

  /** Waits for the shared issue, or stops waiting when this caller aborts; the issue goes on for the others. */
  async function settle(issued: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
    if (signal === undefined) return issued;
    const aborted = (): RequestError =>
      new RequestError({ provider, code: 'http.aborted', message: 'the request was aborted by its caller' });
    issued.catch(() => {}); // told to whoever still waits
    if (signal.aborted) throw aborted();
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(aborted());
      signal.addEventListener('abort', stop, { once: true });
      issued.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }
}

function toCredentialError(error: unknown, provider: string): CredentialError {
  if (error instanceof CredentialError) return error;
  const cause = isXError(error) ? error : redactCause(error);
  if (error instanceof ResponseError && error.status < 500 && error.status !== 408 && error.status !== 429) {
    const message = `expected the credential to be issued, the provider refused with ${error.code}`;
    return new CredentialError({ provider, code: 'credential.refused', message, cause });
  }
  const message = 'expected the credential to be issued, the attempt failed';
  return new CredentialError({ provider, code: 'credential.renewal-failed', message, cause });
}

function inRange(name: string, value: number, low: number, high: number): number {
  if (!(value >= low && value <= high)) throw new RangeError(`${name} must be from ${low} to ${high}, got ${value}`);
  return value;
}

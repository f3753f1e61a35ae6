import { type Clock, type RandomSource, systemClock, systemRandom } from '@x/crypto/light';
import type { Credential, CredentialAnswer, HeaderFields } from './credential.ts';
import type { CredentialEvent } from './events.ts';
import { assertOptions } from './function-options.ts';
import { inRange } from './number-options.ts';
import { isStore } from './options/is-store.ts';
import type { Sleep } from './rate-limiter/contract.ts';
import { systemSleep } from './rate-limiter/system-sleep.ts';
import type { Store } from './store-contract.ts';

/** Options of {@link renewableCredential}. `Value` must survive JSON, because it goes to the store. */
export interface RenewableCredentialOptions<Value> {
  /** The provider's name in errors and events. */
  readonly provider: string;
  /** Names the credential in the store and in events: everything that tells it from others, and no secret. */
  readonly key: string;
  /**
   * Gets a new value from the provider. Called by one at a time, with a store by one process at a time; `previous` is
   * what it replaces, valid, expired or refused. A `CredentialError` that it throws is taken as the provider's word.
   */
  readonly issue: (context: { readonly signal: AbortSignal; readonly previous: Value | undefined }) => Promise<Value>;
  /** The header fields that a value is sent as. Two values with the same fields count as the same credential. */
  readonly toHeaders: (value: Value) => HeaderFields;
  /** When a value stops being accepted, in ms since 1970; undefined when nobody knows. `NaN` and the like are a mistake. */
  readonly expiresAtMs: (value: Value) => number | undefined;
  /** Says whether a failed answer means that the value is gone and that nothing else happened. Default never. */
  readonly isRejected?: ((answer: CredentialAnswer & { readonly body: string }) => boolean) | undefined;
  /** Reads an answer's word on the value, such as a slid expiry: the changed value, or undefined for no change. */
  readonly observe?: ((value: Value, answer: CredentialAnswer) => Value | undefined) | undefined;
  /**
   * What becomes of the previous value when a new one is issued.
   *
   * `repeatable` (default): nothing that matters; issuing can be tried again. `rotating`: the provider replaces what
   * was sent, such as a refresh token that counts once. Then the store keeps an expired value, which `issue` is told as
   * `previous`, and the beginning of each renewal is marked there first. When no answer arrives that proves that
   * nothing was replaced, nobody sends the same again: callers get `credential.expired` with the reason `answer-lost`
   * once the value at hand has expired, until `replace` or `clear`.
   */
  readonly renewal?: 'repeatable' | 'rotating' | undefined;
  /** Shares the value between processes, and the right to issue one. Default: this process only. */
  readonly store?: Store | undefined;
  /**
   * What happens when a value must be issued and the store does not answer. `issue`, the default of repeatable
   * renewals: each process issues for itself, and no request fails. `fail`, the default of rotating ones: callers get
   * `credential.renewal-failed`, because two processes that spend one refresh token lose both.
   */
  readonly whenStoreFails?: 'issue' | 'fail' | undefined;
  /** Tells a stored value from what else may lie there, such as another version's. Default: `toHeaders` gives text. */
  readonly isValue?: ((stored: unknown) => boolean) | undefined;
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
   * refusal up to a minute; default 1,000. Whoever needs the value in that time hears of the refusal at once. As long, a
   * value that was issued in place of a refused one is not given up in turn, unless it was accepted: the answer stands.
   */
  readonly refusalBackoffMs?: number | undefined;
  /**
   * What those get who need a value after the provider refused to issue. `wait`, the default: the refusal, for
   * `refusalBackoffMs`. `ask`: `issue` is called again, for one that may have something else to show by then; it must
   * see to it itself that what was refused is not sent in a loop.
   */
  readonly whenRefused?: 'wait' | 'ask' | undefined;
  /** Milliseconds that one issue may take, 1 to 600,000; default 30,000. */
  readonly issueTimeoutMs?: number | undefined;
  /**
   * Milliseconds of this process's own time in which an operation of the store must end, 1 to 60,000; default 2,000.
   * A longer one counts as a failure of the store.
   */
  readonly storeTimeoutMs?: number | undefined;
  /**
   * Keeps the platform from ending what goes on beside a request when that ends: told of every renewal, and of whatever
   * the store is told, as it begins. Give it where requests end so: on Cloudflare Workers, `waitUntil` of
   * `cloudflare:workers`. Without it, a renewal there that outlives its request is begun anew by a later one, or, if it
   * rotates, ends in `answer-lost`. Elsewhere nothing ends, and nothing is needed. What it throws changes nothing.
   */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** How to wait while another process issues; default the platform's timer. */
  readonly sleep?: Sleep | undefined;
  /** Told of every issue, reuse and renewal, without secrets. */
  readonly onEvent?: ((event: CredentialEvent) => void) | undefined;
}

/** A credential that is issued when first needed and renewed before it expires or when it is refused. */
export interface RenewableCredential<Value> extends Credential {
  /** The usable value, issued if there is none. @throws {CredentialError} */
  get(options?: { readonly signal?: AbortSignal | undefined }): Promise<Value>;
  /** The value this process holds, usable or not; nothing is issued. */
  peek(): Value | undefined;
  /** Whether the store has the value that this process holds, as far as this process has seen. */
  isStored(): boolean;
  /** The usable value in the store, which is the newest of the fleet, else what `peek` gives; nothing is issued. */
  find(): Promise<Value | undefined>;
  /** Waits for the value that is being issued, if one is, whatever comes of it; issues nothing. */
  settled(): Promise<void>;
  /**
   * Forgets one value that was ended, here and in the store, whether this process has seen it there or not; another that
   * has taken its place stays. What the store was still to hear of the value, it does not hear any more. What rotates is
   * not told to `issue` as `previous` any more, by no process that hears of it. A store that does not answer keeps what it
   * has of the value for others, until it is refused to them.
   */
  forget(value: Value): Promise<void>;
  /**
   * Puts a value in place that came from elsewhere; what is being issued meanwhile does not displace it.
   *
   * When the store does not answer, `credential-store-failed` says so, and the store is told with a later request: until
   * then this process uses nothing that lies there.
   *
   * @throws {TypeError} When `expiresAtMs` gives no time for it.
   */
  replace(value: Value): Promise<void>;
  /**
   * Puts a value in place as `replace` does, unless the store has another one that is usable: that is held then, and the
   * store stays as it is. One that this process has given up, by `discard` or `forget`, does not count.
   *
   * @returns The value that is in place.
   * @throws {TypeError} When `expiresAtMs` gives no time for it.
   */
  offer(value: Value): Promise<Value>;
  /**
   * Forgets the value, here and in the store, and what is being issued meanwhile; the next request issues one.
   *
   * When the store does not answer, the same holds as for `replace`: other processes may find the value there until this
   * one gets through. What they have put there since goes as well, because it can be got again. Where values rotate it
   * stays, and only what this process has held or seen is forgotten late.
   *
   * @throws {CredentialError} `credential.renewal-failed` when the store does not answer, values rotate, and this process
   *   has neither held nor seen one: it could not tell it from a newer one later. Nothing is forgotten; clear again.
   */
  clear(): Promise<void>;
}

/** Options with a default or a range, checked. */
export interface RenewableCredentialSettings {
  readonly marginMs: number;
  readonly issueTimeoutMs: number;
  readonly refusalBackoffMs: number;
  readonly whenRefused: 'wait' | 'ask';
  readonly storeTimeoutMs: number;
  readonly renewal: 'repeatable' | 'rotating';
  readonly whenStoreFails: 'issue' | 'fail';
  /** How long a turn may last: one operation of the store before an issue and one after it belong to it as well. */
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly sleep: Sleep;
}

/** @throws {RangeError | TypeError} Naming the option. */
export function resolveSettings<Value>(options: RenewableCredentialOptions<Value>): RenewableCredentialSettings {
  const optional = ['isRejected', 'observe', 'isValue', 'onEvent', 'clock', 'random', 'sleep', 'waitUntil'] as const;
  assertOptions(options, ['issue', 'toHeaders', 'expiresAtMs'], optional, [
    ...(['key', 'store', 'renewal', 'marginMs', 'refusalBackoffMs', 'whenRefused'] as const),
    ...(['whenStoreFails', 'issueTimeoutMs', 'storeTimeoutMs'] as const),
  ]);
  if (typeof options.key !== 'string') throw new TypeError('key must be text');
  if (options.store !== undefined && !isStore(options.store)) {
    throw new TypeError('store must be an object with get, set, delete and compareAndSet');
  }
  const renewal = oneOf('renewal', options.renewal ?? 'repeatable', ['repeatable', 'rotating']);
  const whenStoreFails = options.whenStoreFails ?? (renewal === 'rotating' ? 'fail' : 'issue');
  const issueTimeoutMs = inRange('issueTimeoutMs', options.issueTimeoutMs ?? 30_000, 1, 600_000);
  const storeTimeoutMs = inRange('storeTimeoutMs', options.storeTimeoutMs ?? 2000, 1, 60_000);
  const leaseMs = issueTimeoutMs + 3 * storeTimeoutMs;
  return {
    marginMs: inRange('marginMs', options.marginMs ?? 60_000, 0, 86_400_000),
    issueTimeoutMs,
    refusalBackoffMs: inRange('refusalBackoffMs', options.refusalBackoffMs ?? 1000, 0, 600_000),
    whenRefused: oneOf('whenRefused', options.whenRefused ?? 'wait', ['wait', 'ask']),
    storeTimeoutMs,
    renewal,
    whenStoreFails: oneOf('whenStoreFails', whenStoreFails, ['issue', 'fail']),
    leaseMs,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    sleep: options.sleep ?? systemSleep,
  };
}

function oneOf<Choice extends string>(name: string, value: Choice, choices: readonly Choice[]): Choice {
  if (!choices.includes(value)) throw new TypeError(`${name} must be ${choices.join(' or ')}`);
  return value;
}

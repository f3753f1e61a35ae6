import type { HeaderFields } from './credential.ts';
import { abortedByCaller, orAborted } from './credential-failure.ts';
import { createCredentialIssuer } from './credential-issuer.ts';
import { CredentialError } from './errors.ts';
import { emit } from './events.ts';
import { assertExpiry, readExpiry } from './expiry.ts';
import { createHeldValue } from './held-value.ts';
import { createHold } from './hold.ts';
import { createRefusalBackoff } from './refusal-backoff.ts';
import {
  type RenewableCredential,
  type RenewableCredentialOptions,
  resolveSettings,
} from './renewable-credential-options.ts';
import { createLiveness } from './server/liveness.ts';
import { createSharedValue, type Found, type StoreOutcome } from './shared-value.ts';
import { createUnstored } from './unstored-value.ts';

/**
 * Makes a credential that looks after itself.
 *
 * Callers who come while one is being issued wait for that one. While a value is still valid, its renewal runs beside
 * the requests. A request is replayed at most once, after at most one renewal. With a store, the processes of a fleet
 * take turns: whoever finds another one issuing waits for its value. A process that is late with its own, because it
 * stood still for longer than its turn lasts, never displaces a newer one.
 *
 * @throws {RangeError} When a duration is out of range. @throws {TypeError} For an unknown `renewal`, `whenStoreFails` or
 *   `whenRefused`, and when one that is required is missing, a function is none, or something is no option.
 */
export function renewableCredential<Value>(options: RenewableCredentialOptions<Value>): RenewableCredential<Value> {
  const { provider, key, store, isValue, onEvent } = options;
  const settings = resolveSettings(options);
  const { marginMs, renewal, clock } = settings;

  /** When a value ends; at once when that cannot be read. */
  const expiresAtMs = (value: Value): number | undefined => {
    const atMs = readExpiry(options, value);
    return Number.isNaN(atMs) ? Number.NEGATIVE_INFINITY : atMs;
  };
  const held = createHeldValue({ toHeaders: options.toHeaders, expiresAtMs }, settings);
  const isReadable = (value: Value): boolean => isValue?.(value) ?? areFields(options.toHeaders(value));
  const liveness = createLiveness({ waitUntil: options.waitUntil });
  const shared = createSharedValue<Value>({
    ...settings,
    store,
    liveness,
    key,
    accepts: (value) => !unstored.overrules() && isReadable(value) && held.leftMs(value) > 0 && !held.isRefused(value),
    markOf: held.markOf,
    expiresAtMs,
    onFailure: () => emit(onEvent, { type: 'credential-store-failed', provider, key }),
  });
  const holdBackMs = settings.whenRefused === 'wait' ? settings.refusalBackoffMs : 0;
  const backoff = createRefusalBackoff<CredentialError>(holdBackMs, clock);
  const unstored = createUnstored(clock, settings.storeTimeoutMs, liveness);
  /** Stands while a value that came in place of a refused one is not given up in turn, unless it was accepted. */
  const distrust = createRefusalBackoff<true>(settings.refusalBackoffMs, clock);
  const getAnew = (): Promise<Value> => get();
  const issuer = createCredentialIssuer({
    ...{ options, settings, held, shared, backoff, unstored, liveness, isReadable, getAnew },
  });
  /** In which a slid expiry is being written. */
  let sliding = createHold();

  async function get({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Value> {
    if (unstored.isDue()) unstored.store();
    const value = held.usable();
    if (value === undefined) {
      if (signal?.aborted === true) throw abortedByCaller(provider);
      const refusal = backoff.standing(); // a wrong password stays wrong
      if (refusal !== undefined) throw refusal;
      return orAborted(issuer.renew(), provider, signal);
    }
    if (backoff.standing() === undefined && held.claimRenewal()) {
      issuer.renew().catch(() => {}); // told as an event; the value at hand is still good
    }
    emit(onEvent, { type: 'credential-reused', provider, key });
    return value;
  }

  /** The value that fields were made from, if it is the one that is held. */
  function heldAs(mark: string): Value | undefined {
    const value = held.peek();
    return value !== undefined && held.markOf(value) === mark ? value : undefined;
  }

  /** Holds a value that came from elsewhere. */
  function take(value: Value): void {
    assertExpiry(options, value);
    issuer.supersede();
    distrust.end();
    held.pardon(value);
    held.hold(value);
  }

  async function replace(value: Value): Promise<void> {
    take(value);
    await unstored.overrule(shared.overrule(value), held.markOf(value));
  }

  return {
    get,
    peek: held.peek,
    isStored: () => {
      const value = held.peek();
      return value !== undefined && held.markOf(value) === shared.seenMark();
    },
    find: async () => (await shared.read()) ?? held.peek(),
    settled: issuer.settled,
    async headers(context) {
      return options.toHeaders(await get(context));
    },
    observe(answer, sent) {
      const mark = JSON.stringify(sent);
      const value = heldAs(mark);
      if (value !== undefined && answer.status < 300) distrust.end();
      const changed = value === undefined ? undefined : options.observe?.(value, answer);
      if (changed === undefined) return;
      assertExpiry(options, changed);
      const untilMs = expiresAtMs(changed) ?? Number.POSITIVE_INFINITY;
      held.slide(changed);
      // every answer may slide the expiry: a write for each would cost more than it gives
      const storedMs = shared.storedUntilMs();
      const isSliding = clock() < sliding.untilMs(clock());
      if (isSliding || storedMs === undefined || !(untilMs - storedMs >= marginMs)) return;
      sliding.extend(2 * settings.storeTimeoutMs, clock());
      shared.change(mark, changed).finally(() => {
        sliding = createHold();
      });
    },
    ...(options.isRejected === undefined ? {} : { isRejected: options.isRejected }),
    async discard(sent) {
      const mark = JSON.stringify(sent);
      if (heldAs(mark) === undefined) return true;
      // whoever refuses what it has just issued would do so for ever
      if (distrust.standing() === true) return false;
      distrust.holdBack(true);
      held.refuse();
      // one that rotates holds what its successor is got with
      if (renewal === 'repeatable') await shared.change(mark, undefined);
      return true;
    },
    async forget(value) {
      const mark = held.markOf(value);
      held.disown(value);
      const gone = [mark, shared.seenMark()]; // the value, and the one whose place it may be to take yet
      const put = shared.overrule(undefined, (found) => !gone.includes(found.mark()));
      if (!(await unstored.overruleInstead(mark, put))) await shared.change(mark, undefined);
    },
    replace,
    async offer(value) {
      const mark = held.markOf(value);
      let there: Value | undefined;
      const hasOther = ({ usable }: Found<Value>): boolean => {
        there = usable();
        return there !== undefined && held.markOf(there) !== mark;
      };
      if (unstored.overrules())
        await replace(value); // what lies there does not count
      else {
        take(value);
        await unstored.keep(shared.overrule(value, hasOther), mark);
        if (there !== undefined && heldAs(mark) !== undefined) held.hold(there);
      }
      return held.peek() ?? value;
    },
    async clear() {
      const last = held.last();
      const marks = [last === undefined ? undefined : held.markOf(last), shared.seenMark()];
      issuer.supersede();
      distrust.end();
      held.forget();
      // late, what others have got since goes as well, unless it cannot be got again
      const known = renewal === 'rotating' ? marks.filter((mark) => mark !== undefined) : undefined;
      const put = shared.overrule(undefined, ({ isLate, mark }) => isLate && known?.includes(mark() ?? '') === false);
      let outcome: StoreOutcome | undefined;
      await unstored.overrule(async () => {
        outcome = await put();
        return outcome;
      });
      if (outcome === 'failed' && known?.length === 0) throw unheard(provider);
    },
  };
}

/** What lay in the store could not be told later from what comes there until then. */
function unheard(provider: string): CredentialError {
  const message = 'expected the store to forget the credential, it did not answer, and nothing is known of what it has';
  return new CredentialError({ provider, code: 'credential.renewal-failed', message });
}

/** What another version stored may be of another shape, and then give fields without text. */
function areFields(fields: HeaderFields): boolean {
  return Object.values(fields).every((text) => typeof text === 'string');
}

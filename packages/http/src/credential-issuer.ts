import { answerLost, diedWithRequest, issueTimedOut, refusedElsewhere, toVerdict } from './credential-failure.ts';
import { CredentialError, type CredentialErrorCode } from './errors.ts';
import { emit } from './events.ts';
import type { HeldValue } from './held-value.ts';
import { assertKeepable, isStorable } from './issued-value.ts';
import type { RefusalBackoff } from './refusal-backoff.ts';
import type { RenewableCredentialOptions, RenewableCredentialSettings } from './renewable-credential-options.ts';
import { leavesUnspent } from './renewal-failure.ts';
import type { Turn } from './renewal-turns.ts';
import { withDeadline } from './server/deadline.ts';
import { createFlights } from './server/flights.ts';
import type { Liveness } from './server/liveness.ts';
import type { SharedValue, StoreOutcome } from './shared-value.ts';
import { toCredentialError } from './to-credential-error.ts';
import { createTurnWait } from './turn-wait.ts';
import type { Unstored } from './unstored-value.ts';

/** What {@link createCredentialIssuer} is made from. */
export interface CredentialIssuerParts<Value> {
  readonly options: Pick<
    RenewableCredentialOptions<Value>,
    'provider' | 'key' | 'issue' | 'expiresAtMs' | 'store' | 'onEvent'
  >;
  readonly settings: RenewableCredentialSettings;
  readonly held: HeldValue<Value>;
  readonly shared: SharedValue<Value>;
  readonly backoff: RefusalBackoff<CredentialError>;
  readonly unstored: Unstored;
  readonly liveness: Liveness;
  /** Whether a stored value is one of ours. May throw over another shape. */
  readonly isReadable: (value: Value) => boolean;
  /** Gets the value anew, because another one was put in place meanwhile, or all was forgotten. */
  readonly getAnew: () => Promise<Value>;
}

/** Gets new values, one at a time: by issuing them, or from the process whose turn it is. */
export interface CredentialIssuer<Value> {
  /** A new value, put in place; the one that is under way, if any. */
  renew(): Promise<Value>;
  /** Waits for what is under way, if anything is, and does not tell what came of it. */
  settled(): Promise<void>;
  /** What began before must not put its value in place any more, and what it found out does not count. */
  supersede(): void;
}

/** What an issue was asked with, and whether the store knows. */
interface Spent {
  readonly mark: string | undefined;
  readonly isMarked: boolean;
}

export function createCredentialIssuer<Value>(parts: CredentialIssuerParts<Value>): CredentialIssuer<Value> {
  const { options, settings, held, shared, backoff, unstored } = parts;
  const { provider, key, onEvent } = options;
  const isRotating = settings.renewal === 'rotating';

  const flights = createFlights<'renewal', Value>(parts.liveness);
  /** What is being spent. */
  let asking: (Spent & { readonly turn: Turn<Value> | undefined }) | undefined;
  /** Counted up when what began before is superseded. */
  let generation = 0;
  /** What may be spent, because the answer that would say so was lost. */
  let lost: (Spent & { readonly failure: CredentialError }) | undefined;

  async function renew(): Promise<Value> {
    try {
      const outcome = await flights.join('renewal', obtain, { onDeath });
      if (outcome.ok) return outcome.value;
      throw diedWithRequest(provider, outcome.error);
    } catch (error) {
      throw toCredentialError(error, provider);
    }
  }

  /** What a renewal was spending when it died is in doubt, unless it can be repeated; its turn is over. */
  function onDeath(): void {
    const dead = asking;
    asking = undefined;
    if (!isRotating) shared.abandonTurn();
    if (!isRotating || dead === undefined) return;
    lost = { ...dead, failure: answerLost(provider) };
    if (dead.turn !== undefined) shared.giveUp(dead.turn, { inDoubt: true }); // never rejects
  }

  /** Takes over what another process has issued, or issues. */
  async function obtain(): Promise<Value> {
    const began = generation;
    await unstored.store();
    if (generation !== began) return parts.getAnew();
    if (unstored.isThere()) return issueAlone(began);
    const wait = createTurnWait(settings);
    for (;;) {
      const result = await shared.takeTurn(held.isBetter);
      if (generation !== began) {
        if (result.state === 'mine') await shared.giveUp(result.turn);
        return parts.getAnew();
      }
      switch (result.state) {
        case 'found':
          if (held.isBetter(result.value)) return adopt(result.value); // still, since it was read
          break;
        case 'mine':
          return issueInTurn(result.turn, result.stored, began);
        case 'alone':
          return issueAlone(began);
        case 'refused':
          throw fail(refusedElsewhere(provider, result.verdict));
        case 'in-doubt':
          throw fail(lost?.failure ?? answerLost(provider));
      }
      if (await wait.pause(result.state === 'taken' ? result.by : undefined)) continue;
      if (!isRotating) return issueAlone(began);
      throw fail(credentialError('credential.renewal-failed', 'another process does not end its turn'));
    }
  }

  async function issueInTurn(turn: Turn<Value>, stored: Value | undefined, began: number): Promise<Value> {
    if (lost?.isMarked === true) {
      // marked, and yet this process's turn: somebody has put another value in place, or forgotten all
      lost = undefined;
      held.forget();
    }
    const own = turn.claimed.cleared === true ? undefined : held.predecessor(); // what was cleared may be spent
    const previous = (isRotating && isValueOf(stored) && !held.isDisowned(stored) ? stored : undefined) ?? own;
    if (lost === undefined || lost.mark !== markOfAny(previous)) return issue(turn, previous, began);
    // what this process could not tell the store when it happened, it tells now
    await shared.giveUp(turn, { inDoubt: true });
    throw fail(lost.failure);
  }

  /** Without a store, without an answer of it, or after another process has held its turn for too long. */
  async function issueAlone(began: number): Promise<Value> {
    if (lost !== undefined) throw fail(lost.failure);
    if (options.store !== undefined && settings.whenStoreFails === 'fail') {
      throw fail(credentialError('credential.renewal-failed', 'the store does not tell whose turn it is to issue'));
    }
    return issue(undefined, held.predecessor(), began);
  }

  function put(value: Value): void {
    held.hold(value);
    backoff.end();
    lost = undefined;
  }

  function adopt(found: Value): Value {
    put(found);
    emit(onEvent, { type: 'credential-reused', provider, key });
    return found;
  }

  async function issue(turn: Turn<Value> | undefined, previous: Value | undefined, began: number): Promise<Value> {
    const { issueTimeoutMs } = settings;
    const own = { mark: markOfAny(previous), isMarked: turn !== undefined, turn };
    asking = own;
    let value: Value;
    try {
      const outcome = await withDeadline(issueTimeoutMs, undefined, (signal) => options.issue({ signal, previous }));
      if (!outcome.ok) throw issueTimedOut(provider, issueTimeoutMs);
      value = outcome.value;
      if (!isRotating) assertKeepable(options, value);
    } catch (error) {
      return afterFailure(error, turn, previous, began);
    } finally {
      if (asking === own) asking = undefined;
    }
    const used = await putInPlace(value, turn, previous, began);
    if (isRotating && used === value) {
      try {
        assertKeepable(options, value);
      } catch (mistake) {
        throw fail(toCredentialError(mistake, provider)); // kept all the same: what it was got with is spent
      }
    }
    return used;
  }

  /** Holds a value that was issued, and tells the store; gives the one to be used. */
  async function putInPlace(
    value: Value,
    turn: Turn<Value> | undefined,
    previous: Value | undefined,
    began: number,
  ): Promise<Value> {
    const isKept = generation === began;
    if (isKept) put(value);
    emit(onEvent, { type: previous === undefined ? 'credential-issued' : 'credential-renewed', provider, key });
    if (!isKept) {
      // what it replaces is spent, also for those who have not heard yet what counts from now on
      if (turn !== undefined) await shared.giveUp(turn, isRotating ? { inDoubt: true } : {});
      return held.peek() ?? value; // those who asked before `clear` may still use it, but it is not kept
    }
    if (!isStorable(options, value)) {
      if (turn !== undefined) await shared.giveUp(turn, { inDoubt: true });
      return value;
    }
    if (unstored.overrules()) {
      // it takes the place of what the store was to hear before
      await unstored.overrule(shared.overrule(value), held.markOf(value));
      return generation === began ? value : (held.peek() ?? value);
    }
    let outcome = 'failed' as StoreOutcome;
    const publish = async (): Promise<StoreOutcome> => {
      outcome = await shared.publish(value, turn);
      return outcome;
    };
    if (isRotating) await unstored.keep(publish, held.markOf(value));
    else await publish();
    if (generation !== began) return held.peek() ?? value;
    if (outcome !== 'fenced') return value;
    const newer = await shared.read();
    if (newer === undefined || generation !== began || held.isRefused(newer)) return value;
    return held.markOf(newer) === markOfAny(previous) ? value : adopt(newer); // not what this one has replaced
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
    if (isCurrent && inDoubt) lost = { mark: markOfAny(previous), failure, isMarked: turn !== undefined };
    if (isCurrent) fail(failure);
    else tell(failure);
    if (turn !== undefined) {
      const { code } = failure;
      const ttlMs = backoff.waitMs();
      const isShared = isCurrent && isVerdict(code) && ttlMs > 0;
      await shared.giveUp(
        turn,
        inDoubt ? { inDoubt: true } : isShared ? { refused: { ...toVerdict(failure), ttlMs } } : {},
      );
    }
    const replacement = generation === began ? undefined : held.peek();
    if (replacement !== undefined) return replacement;
    throw failure;
  }

  /** Tells of a failure, and remembers one that will not pass by itself. */
  function fail(failure: CredentialError): CredentialError {
    tell(failure);
    if (isVerdict(failure.code)) backoff.holdBack(failure);
    return failure;
  }

  function tell({ code }: CredentialError): void {
    emit(onEvent, { type: 'credential-failed', provider, key, code });
  }

  function isValueOf(stored: Value | undefined): stored is Value & {} {
    try {
      return stored !== undefined && parts.isReadable(stored);
    } catch {
      return false; // of another shape
    }
  }

  function markOfAny(value: Value | undefined): string | undefined {
    return value === undefined ? undefined : held.markOf(value);
  }

  function credentialError(code: CredentialErrorCode, message: string): CredentialError {
    return new CredentialError({ provider, code, message });
  }

  return {
    renew,
    async settled() {
      await flights
        .underWay('renewal')
        ?.outcome()
        .catch(() => {}); // told to those who need the value
    },
    supersede() {
      generation += 1;
      flights.leave('renewal');
      lost = undefined;
      backoff.end();
      unstored.drop();
    },
  };
}

/** Whether the provider's word is that asking again with the same is of no use. */
function isVerdict(code: CredentialErrorCode): boolean {
  return code !== 'credential.renewal-failed' && code !== 'credential.superseded';
}

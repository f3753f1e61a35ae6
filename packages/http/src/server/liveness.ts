import { inRange } from '../number-options.ts';
import { withDeadline } from './deadline.ts';
import { keepGoing } from './keep-going.ts';

/** What came of work for one who waited. */
export type WorkOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  /** Who waited gave up, or the work ended with the request that began it; `error` is the platform's, if it gives one. */
  | { readonly ok: false; readonly reason: 'aborted' | 'died'; readonly error?: unknown };

/** A piece of work that several callers may wait for. */
export interface LivingWork<Value> {
  /** What comes of it; never, or the platform's error, when it dies. */
  readonly promise: Promise<Value>;
  /** Waits for it as long as it lives, and until the signal says to give up. What it fails with passes through. */
  outcome(signal?: AbortSignal): Promise<WorkOutcome<Value>>;
}

/** Tells living work from dead. */
export interface Liveness {
  /** Whether the platform is asked to keep work going beyond its request. */
  readonly isKept: boolean;
  /** Begins a piece of work. */
  begin<Value>(run: () => Promise<Value>): LivingWork<Value>;
}

/** Calls back after so many milliseconds, and gives what `clearTimeout` takes. */
export type SetTimer = (ring: () => void, ms: number) => ReturnType<typeof setTimeout>;

interface Pulse {
  /** How many beats there had been of all work by its last one. */
  lastBeat: number;
  /** `over`: the work ended by itself, well or not. */
  state: 'alive' | 'over' | 'dead';
}

/** Options of {@link createLiveness}. */
export interface LivenessOptions {
  /** Told of all work that begins, so that the platform lets it live beyond its request; default none. */
  readonly waitUntil?: ((settled: Promise<void>) => unknown) | undefined;
  /** How long work that lives is silent at most, 1 to 600,000 ms; default 2,000. */
  readonly silenceMs?: number;
  /** What the beats are timed with; default the platform's timers. */
  readonly setTimer?: SetTimer;
}

/**
 * Makes what begins work and tells whether it lives: on some platforms it ends with the request that began it, its timers
 * with it. Those who wait are told by an error of the platform's, or by nothing.
 *
 * Work beats as long as its timers ring, and whoever waits for it counts the beats by timers of their own. So neither a
 * clock that jumps nor a process that stands still makes living work look dead. What is made here is for one object of
 * an application's, and is kept between requests.
 *
 * @throws {TypeError} When `waitUntil` or `setTimer` is no function. @throws {RangeError} When `silenceMs` is out of range.
 */
export function createLiveness(options: LivenessOptions = {}): Liveness {
  const { waitUntil, silenceMs = 2000, setTimer = (ring, ms) => setTimeout(ring, ms) } = options;
  inRange('silenceMs', silenceMs, 1, 600_000);
  for (const [name, given] of Object.entries({ waitUntil, setTimer })) {
    if (given !== undefined && typeof given !== 'function') throw new TypeError(`${name} must be a function`);
  }
  const open = new Set<Pulse>();
  let beats = 0;

  function end(pulse: Pulse, state: 'over' | 'dead'): void {
    pulse.state = state;
    open.delete(pulse);
  }

  /** Waits for a silence; all that was silent in it is dead, because what one request began dies at once. */
  async function listen<Value>(
    promise: Promise<Value>,
    signal: AbortSignal | undefined,
  ): Promise<WorkOutcome<Value> | undefined> {
    const before = beats;
    const heard = await withDeadline(silenceMs, signal, () => promise);
    if (heard.ok) return heard;
    if (heard.reason === 'aborted') return { ok: false, reason: heard.reason };
    for (const pulse of open) if (pulse.lastBeat <= before) end(pulse, 'dead');
    return undefined;
  }

  return {
    isKept: waitUntil !== undefined,
    begin(run) {
      const pulse: Pulse = { lastBeat: 0, state: 'alive' };
      let timer: ReturnType<typeof setTimeout>;
      const beat = (): void => {
        beats += 1;
        pulse.lastBeat = beats;
        timer = setTimer(beat, silenceMs / 4);
      };
      const promise = run().finally(() => {
        clearTimeout(timer);
        end(pulse, 'over');
      });
      open.add(pulse);
      beat();
      keepGoing(promise, waitUntil);
      return {
        promise,
        async outcome(signal) {
          let error: unknown;
          while (pulse.state !== 'dead') {
            try {
              const outcome = await listen(promise, signal);
              if (outcome !== undefined) return outcome;
            } catch (thrown) {
              if (pulse.state === 'over') throw thrown;
              error = thrown; // by the platform, which knows that nothing comes of it any more
              end(pulse, 'dead');
            }
          }
          return { ok: false, reason: 'died', error };
        },
      };
    },
  };
}

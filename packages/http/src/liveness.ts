import { emit } from './events.ts';
import { type DeadlineResult, withDeadline } from './server/deadline.ts';

/** A piece of work that several callers may wait for. */
export interface LivingWork<Value> {
  /** What comes of it; never, when it dies. */
  readonly promise: Promise<Value>;
  /** Waits for it as long as it lives: `ok` is false when it died. What it fails with passes through. */
  outcome(): Promise<DeadlineResult<Value>>;
}

/**
 * Begins work, and tells whether it lives: on some platforms it ends without a word, its timers with it, when the request
 * that began it does.
 *
 * Work beats as long as its timers ring, and whoever waits for it counts the beats by timers of their own. So neither a
 * clock that jumps nor a process that stands still makes living work look dead.
 */
export interface Liveness {
  begin<Value>(run: () => Promise<Value>): LivingWork<Value>;
}

/** Calls back after so many milliseconds, and gives what `clearTimeout` takes. */
export type SetTimer = (ring: () => void, ms: number) => ReturnType<typeof setTimeout>;

interface Pulse {
  beats: number;
  isDead: boolean;
}

/** What {@link createLiveness} is made from. */
export interface LivenessOptions {
  /** Told of all work that begins, so that the platform lets it live beyond its request. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** How long work that lives is silent at most, in milliseconds. */
  readonly silenceMs?: number;
  /** What the beats are timed with. */
  readonly setTimer?: SetTimer;
}

export function createLiveness(options: LivenessOptions = {}): Liveness {
  const { waitUntil, silenceMs = 2000, setTimer = (ring, ms) => setTimeout(ring, ms) } = options;
  const open = new Set<Pulse>();

  /** Waits for a silence; all that was silent in it is dead, because what one request began dies at once. */
  async function listen<Value>(promise: Promise<Value>): Promise<DeadlineResult<Value>> {
    const before = [...open].map((pulse) => ({ pulse, beats: pulse.beats }));
    const outcome = await withDeadline(silenceMs, undefined, () => promise);
    if (outcome.ok) return outcome;
    for (const { pulse, beats } of before) {
      if (pulse.beats > beats) continue;
      pulse.isDead = true;
      open.delete(pulse);
    }
    return outcome;
  }

  return {
    begin(run) {
      const pulse: Pulse = { beats: 0, isDead: false };
      let timer: ReturnType<typeof setTimeout>;
      const beat = (): void => {
        pulse.beats += 1;
        timer = setTimer(beat, silenceMs / 4);
      };
      open.add(pulse);
      beat();
      const promise = run().finally(() => {
        clearTimeout(timer);
        open.delete(pulse);
      });
      emit(
        waitUntil,
        promise.catch(() => {}), // told to those who wait for it
      );
      return {
        promise,
        async outcome() {
          while (!pulse.isDead) {
            const outcome = await listen(promise);
            if (outcome.ok) return outcome;
          }
          return { ok: false, reason: 'deadline' };
        },
      };
    },
  };
}

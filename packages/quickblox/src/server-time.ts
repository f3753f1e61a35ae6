import type { Clock } from '@x/crypto';
import { parseHttpDate } from '@x/http';

/** The provider's time, learnt from its answers. */
export interface ServerTime {
  /** The provider's time as far as it is known, milliseconds since 1970; the local clock before any answer. */
  nowMs(): number;
  /** Learns from the `Date` header of an answer to a request sent at `sentMs` of the local clock. */
  observe(headers: Headers, sentMs: number): void;
  /** Forgets all answers but the newest, after the provider said that the time was wrong. */
  relearn(): void;
}

/** A clock that is further off is broken rather than skewed, and so is the answer that says it. */
const maxOffsetMs = 86_400_000;
const keptSamples = 5;

/**
 * Follows the difference between the local clock and the provider's.
 *
 * An answer's `Date` names a whole second, and the answer was written at some moment between sending and receiving.
 * Where that leaves it possible that both clocks agree, the difference counts as none. The median of the last five
 * answers decides, so that one slow answer changes nothing.
 *
 * @see QuickBlox fact sheet §4.4 (skew), and edge case 26.
 */
export function createServerTime(clock: Clock): ServerTime {
  const samples: number[] = [];
  let offsetMs = 0;

  return {
    nowMs: () => clock() + offsetMs,
    observe(headers, sentMs) {
      const dateMs = parseHttpDate(headers.get('date') ?? '');
      if (dateMs === undefined || headers.has('age')) return; // a cached answer tells the time of another day
      const sample = leastOffset(dateMs - clock(), dateMs + 999 - sentMs);
      if (Math.abs(sample) > maxOffsetMs) return;
      samples.push(sample);
      if (samples.length > keptSamples) samples.shift();
      offsetMs = median(samples);
    },
    relearn() {
      samples.splice(0, samples.length - 1);
      offsetMs = median(samples);
    },
  };
}

/** The middle of the possible differences, or none when none is possible. */
function leastOffset(lowMs: number, highMs: number): number {
  return lowMs <= 0 && highMs >= 0 ? 0 : Math.round((lowMs + highMs) / 2);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Wraps a fetch so that the provider's time is learnt from every answer of its origin. */
export function observeTime(serverTime: ServerTime, { clock, baseUrl, platform }: ObserveTimeOptions): Fetch {
  const send: Fetch = platform.fetch ?? ((input, init) => globalThis.fetch(input, init));
  return async (input, init) => {
    const sentMs = clock();
    const response = await send(input, init);
    const url = input instanceof Request ? input.url : String(input);
    if (new URL(url).origin === baseUrl.origin) serverTime.observe(response.headers, sentMs);
    return response;
  };
}

type Fetch = typeof globalThis.fetch;

/** What {@link observeTime} needs of the options. */
export interface ObserveTimeOptions {
  readonly clock: Clock;
  readonly baseUrl: URL;
  readonly platform: { readonly fetch?: Fetch | undefined };
}

import type { Clock } from '@x/crypto/light';
import { parseHttpDate } from './http-date.ts';

/** A provider's time, learnt from its answers. */
export interface ServerTime {
  /** The provider's time as far as it is known, milliseconds since 1970; the local clock before any answer. */
  nowMs(): number;
  /**
   * Learns from the `Date` of an answer that has just arrived.
   *
   * @param headers The answer's header fields.
   * @param sentMs When its request was sent, by the local clock.
   */
  observe(headers: Headers, sentMs: number): void;
  /**
   * Trusts the newest answer alone, however far off it is, after the provider said that a time was wrong; the local
   * clock, if that time was the answer's own and more than a day off.
   *
   * @param refusedMs The time that was wrong, milliseconds since 1970.
   */
  relearn(refusedMs: number): void;
}

/** A clock that is further off is broken rather than skewed, and so may be the answer that says it. */
const maxOffsetMs = 86_400_000;
/** Times so close are the same. */
const toleranceMs = 60_000;
const keptSamples = 5;

/**
 * Follows the difference between the local clock and a provider's.
 *
 * An answer's `Date` names a whole second, and the answer was written at some moment between sending and receiving.
 * Where that leaves it possible that both clocks agree, the difference counts as none. The median of the last five
 * answers decides, so that one slow answer changes nothing. Answers from a cache teach nothing, nor do such as are more
 * than a day off, unless the provider refuses the time, or has refused it and they say what was learnt from that.
 *
 * @see RFC 9110 §6.6.1 (Date); RFC 9111 §5.1 (Age).
 */
export function createServerTime(clock: Clock): ServerTime {
  const samples: number[] = [];
  let offsetMs = 0;
  let newestMs: number | undefined;
  /** What was learnt from a refusal. */
  let relearntMs = 0;
  let text = '';
  let dateMs: number | undefined;

  return {
    nowMs: () => clock() + offsetMs,
    observe(headers, sentMs) {
      const date = headers.get('date') ?? '';
      // the answers of a second say the same: under load reading it anew would cost more than all the rest here
      if (date !== text) dateMs = parseHttpDate(date);
      text = date;
      if (dateMs === undefined || headers.has('age')) return; // a cached answer tells the time of another day
      const sample = leastOffset(dateMs - clock(), dateMs + 999 - sentMs);
      newestMs = sample;
      if (Math.min(Math.abs(sample), Math.abs(sample - relearntMs)) > maxOffsetMs) return;
      samples.push(sample);
      const left = samples.length > keptSamples ? samples.shift() : undefined;
      if (sample !== left) offsetMs = median(samples); // the same five have the same middle
    },
    relearn(refusedMs) {
      if (newestMs === undefined) return;
      const isRefuted = Math.abs(newestMs) > maxOffsetMs && Math.abs(clock() + newestMs - refusedMs) < toleranceMs;
      relearntMs = isRefuted ? 0 : newestMs;
      samples.splice(0, samples.length, relearntMs);
      offsetMs = relearntMs;
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

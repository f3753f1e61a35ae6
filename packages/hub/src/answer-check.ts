import * as v from 'valibot';
import type { Adjustment, AnswerIssue } from './events.ts';

/** A callback's result in Hub's format, or what is wrong with it. */
export type AnswerResult<Answer> =
  | { readonly ok: true; readonly answer: Answer; readonly adjustments: readonly Adjustment[] }
  | { readonly ok: false; readonly issues: readonly AnswerIssue[] };

const ownMessages = new Set(['check', 'custom']);

/** Checks a callback's result against a schema; never throws. */
export function checkAnswer<Output>(
  schema: v.GenericSchema<unknown, Output>,
  value: unknown,
): { readonly ok: true; readonly value: Output } | { readonly ok: false; readonly issues: readonly AnswerIssue[] } {
  const result = v.safeParse(schema, value);
  if (result.success) return { ok: true, value: result.output };
  const issues = result.issues.map((issue) => ({
    path: v.getDotPath(issue) ?? '',
    // Only messages of our own are repeated: valibot's show the value.
    expected: ownMessages.has(issue.type) ? issue.message : (issue.expected ?? issue.type),
  }));
  return { ok: false, issues };
}

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
const leastWaitMs = 5000;

/**
 * Reads the moment of the next refresh.
 *
 * A moment given in seconds by mistake would be long past and make Hub ask without end, so it is refused; one that is
 * merely too soon is put off.
 *
 * @returns The moment to write, undefined when there is none; `'invalid'` unless it lies between yesterday and a year ahead.
 * @see Hub fact sheet §10 rows 11 and 12
 */
export function readRefresh(
  refreshAtMs: number | undefined,
  nowMs: number,
): { readonly refreshAt: number | undefined; readonly adjustments: readonly Adjustment[] } | 'invalid' {
  if (refreshAtMs === undefined) return { refreshAt: undefined, adjustments: [] };
  if (!Number.isSafeInteger(refreshAtMs)) return 'invalid';
  if (refreshAtMs < nowMs - dayMs || refreshAtMs > nowMs + yearMs) return 'invalid';
  if (refreshAtMs >= nowMs + leastWaitMs) return { refreshAt: refreshAtMs, adjustments: [] };
  return { refreshAt: nowMs + leastWaitMs, adjustments: ['refresh-delayed'] };
}

/** What is wrong with a moment that {@link readRefresh} calls invalid. */
export const refreshIssue: AnswerIssue = {
  path: 'refreshAtMs',
  expected: 'whole milliseconds since 1970, from yesterday to a year ahead',
};

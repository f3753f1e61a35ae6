import * as v from 'valibot';
import { type AnswerResult, checkAnswer, readRefresh, refreshIssue } from './answer-check.ts';
import type { NotificationsAnswer } from './schema.ts';

/** What a notifications callback returns. */
export interface HubNotifications {
  /** The number in Hub's bar: a whole number from 0. */
  readonly count: number;
  /** When Hub should ask again, milliseconds since 1970, at least 5 seconds ahead. Default: at the next user action. */
  readonly refreshAtMs?: number | undefined;
}

const schema = v.object({
  count: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  refreshAtMs: v.optional(v.number()),
});

/** Writes a notifications callback's result as Hub reads it. Never throws. @see Hub fact sheet §5.2 */
export function formatNotifications(
  value: unknown,
  { nowMs }: { readonly nowMs: number },
): AnswerResult<NotificationsAnswer> {
  const checked = checkAnswer(schema, value);
  if (!checked.ok) return checked;
  const { count, refreshAtMs } = checked.value;
  const refresh = readRefresh(refreshAtMs, nowMs);
  if (refresh === 'invalid') return { ok: false, issues: [refreshIssue] };
  const { refreshAt, adjustments } = refresh;
  return { ok: true, answer: refreshAt === undefined ? { count } : { count, refreshAt }, adjustments };
}

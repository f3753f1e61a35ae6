import * as v from 'valibot';
import { type AnswerResult, checkAnswer, readRefresh, refreshIssue } from './answer-check.ts';
import type { Adjustment } from './events.ts';
import { formatItem, type HubItem, type ItemOptions, itemSchema } from './item.ts';
import type { TimelineAnswer } from './schema.ts';

/** What a timeline callback returns. */
export interface HubTimeline {
  /** Newest first; Hub shows at most 30, and more are cut off. */
  readonly items: readonly HubItem[];
  /** When Hub should ask again, milliseconds since 1970, at least 5 seconds ahead. Default: at the next user action. */
  readonly refreshAtMs?: number | undefined;
}

const maxItems = 30;
const envelope = v.object({ items: v.array(v.unknown()), refreshAtMs: v.optional(v.number()) });

/**
 * Makes the function that writes a timeline callback's result as Hub reads it; that function never throws.
 *
 * @see Hub fact sheet §5.3
 */
export function createTimelineFormat(
  options: ItemOptions,
): (value: unknown, now: { readonly nowMs: number }) => AnswerResult<TimelineAnswer> {
  const items = v.object({ items: v.array(itemSchema(options)) });
  return (value, { nowMs }) => {
    const outer = checkAnswer(envelope, value);
    if (!outer.ok) return outer;
    const refresh = readRefresh(outer.value.refreshAtMs, nowMs);
    if (refresh === 'invalid') return { ok: false, issues: [refreshIssue] };
    const inner = checkAnswer(items, { items: outer.value.items.slice(0, maxItems) });
    if (!inner.ok) return inner;
    const shown = inner.value.items;
    if (new Set(shown.map(({ id }) => id)).size < shown.length) {
      return { ok: false, issues: [{ path: 'items', expected: 'a different id for each item' }] };
    }
    const { refreshAt } = refresh;
    const cut: readonly Adjustment[] = outer.value.items.length > maxItems ? ['items-cut'] : [];
    return {
      ok: true,
      answer: {
        ...(refreshAt === undefined ? {} : { refreshAt }),
        items: shown.map((item) => formatItem(item, options)),
      },
      adjustments: [...refresh.adjustments, ...cut],
    };
  };
}

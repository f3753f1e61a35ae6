import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTimelineFormat } from '../src/timeline.ts';

const nowMs = Date.UTC(2026, 0, 1);
const formatTimeline = createTimelineFormat({
  linkSchemes: ['https'],
  itemText: 'escape',
  properties: new Set(['done']),
});
const item = (id: string) => ({ id, title: `Order ${id}`, dateMs: nowMs });
const format = suite('timeline · createTimelineFormat');

format('writes items and the moment of the next refresh', () => {
  const result = formatTimeline({ items: [item('1')], refreshAtMs: nowMs + 60_000 }, { nowMs });
  assert.equal(result, {
    ok: true,
    answer: {
      refreshAt: nowMs + 60_000,
      items: [{ id: '1', timelineId: '1', title: 'Order 1', date: nowMs }],
    },
    adjustments: [],
  });
  assert.equal(formatTimeline({ items: [] }, { nowMs }), { ok: true, answer: { items: [] }, adjustments: [] });
});

format('row 62: sends the first 30 items and says so', () => {
  const items = Array.from({ length: 31 }, (_, index) => item(String(index)));
  const result = formatTimeline({ items, refreshAtMs: nowMs }, { nowMs });
  assert.ok(result.ok);
  assert.is(result.answer.items.length, 30);
  assert.is(result.answer.items[29]?.id, '29');
  assert.equal(result.adjustments, ['refresh-delayed', 'items-cut']);
  assert.equal(formatTimeline({ items: items.slice(0, 30) }, { nowMs }).ok, true);
});

format('looks only at the items that are sent', () => {
  const items: unknown[] = Array.from({ length: 30 }, (_, index) => item(String(index)));
  assert.ok(formatTimeline({ items: [...items, { id: '' }] }, { nowMs }).ok);
});

const refused: readonly [value: unknown, path: string][] = [
  [undefined, ''],
  [{}, 'items'],
  [{ items: 'none' }, 'items'],
  [{ items: [item('1'), item('1')] }, 'items'],
  [{ items: [item('1'), { ...item('2'), title: 2 }] }, 'items.1.title'],
  [{ items: [], refreshAtMs: 1 }, 'refreshAtMs'],
];

for (const [value, path] of refused) {
  format(`refuses ${JSON.stringify(value)?.slice(0, 60) ?? 'nothing'}`, () => {
    const result = formatTimeline(value, { nowMs });
    assert.is(result.ok ? 'ok' : result.issues[0]?.path, path);
  });
}

format.run();

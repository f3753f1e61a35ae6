import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatNotifications } from '../src/notifications.ts';

const nowMs = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;
const format = suite('notifications · formatNotifications');

const answers: readonly [value: object, answer: object, adjustments: string[]][] = [
  [{ count: 0 }, { count: 0 }, []],
  [{ count: 7, more: true }, { count: 7 }, []],
  [{ count: 1, refreshAtMs: nowMs + 60_000 }, { count: 1, refreshAt: nowMs + 60_000 }, []],
  [{ count: 1, refreshAtMs: nowMs + 5000 }, { count: 1, refreshAt: nowMs + 5000 }, []],
  [{ count: 1, refreshAtMs: nowMs + 4999 }, { count: 1, refreshAt: nowMs + 5000 }, ['refresh-delayed']],
  [{ count: 1, refreshAtMs: nowMs - dayMs }, { count: 1, refreshAt: nowMs + 5000 }, ['refresh-delayed']],
  [{ count: 1, refreshAtMs: nowMs + 365 * dayMs }, { count: 1, refreshAt: nowMs + 365 * dayMs }, []],
];

for (const [value, answer, adjustments] of answers) {
  format(`writes ${JSON.stringify(value)}`, () => {
    assert.equal(formatNotifications(value, { nowMs }), { ok: true, answer, adjustments });
  });
}

const refused: readonly [value: unknown, path: string][] = [
  [{ count: -1 }, 'count'],
  [{ count: 1.5 }, 'count'],
  [{ count: Number.NaN }, 'count'],
  [{ count: Number.POSITIVE_INFINITY }, 'count'],
  [{ count: '1' }, 'count'],
  [{}, 'count'],
  [undefined, ''],
  [null, ''],
  [3, ''],
  [{ count: 1, refreshAtMs: Math.floor(nowMs / 1000) }, 'refreshAtMs'],
  [{ count: 1, refreshAtMs: nowMs - dayMs - 1 }, 'refreshAtMs'],
  [{ count: 1, refreshAtMs: nowMs + 365 * dayMs + 1 }, 'refreshAtMs'],
  [{ count: 1, refreshAtMs: nowMs + 0.5 }, 'refreshAtMs'],
  [{ count: 1, refreshAtMs: 'tomorrow' }, 'refreshAtMs'],
];

for (const [value, path] of refused) {
  format(`row 61: refuses ${JSON.stringify(value) ?? 'nothing'}`, () => {
    const result = formatNotifications(value, { nowMs });
    assert.not(result.ok);
    assert.is(result.ok ? '' : result.issues[0]?.path, path);
  });
}

format('tells what was expected and never what was seen', () => {
  const result = formatNotifications({ count: 'marker' }, { nowMs });
  assert.equal(result, { ok: false, issues: [{ path: 'count', expected: 'number' }] });
});

format.run();

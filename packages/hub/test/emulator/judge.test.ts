import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeNotifications, judgeTimeline } from '../../src/emulator/judge.ts';

const nowMs = Date.UTC(2026, 0, 1);
const item = { timelineId: '1', title: 'x', date: nowMs };
const judge = suite('emulator · judge');

const notifications: readonly [body: unknown, violation: RegExp | undefined][] = [
  [{ count: 0 }, undefined],
  [{ count: 1, refreshAt: nowMs + 1 }, undefined],
  [{ count: -1 }, /count/],
  [{ count: '1' }, /count/],
  [{ message: 'not authenticated' }, /count/],
  [{ count: 1, refreshAt: nowMs / 1000 }, /refreshAt/],
  [[], /JSON object/],
  [undefined, /JSON object/],
];

for (const [body, violation] of notifications) {
  judge(`notifications: ${JSON.stringify(body)}`, () => {
    const { violations } = judgeNotifications(body, nowMs);
    assert.is(violations.length, violation === undefined ? 0 : 1);
    if (violation !== undefined) assert.match(violations[0] ?? '', violation);
  });
}

const timelines: readonly [items: unknown, violation: RegExp | undefined][] = [
  [[], undefined],
  [[item, { ...item, timelineId: '2', webLink: 'https://a.example', url: 'mailto:a@b.example' }], undefined],
  [Array.from({ length: 31 }, (_, index) => ({ ...item, timelineId: String(index) })), /more than 30/],
  [[item, item], /repeats/],
  [[{ ...item, timelineId: 1 }], /timelineId/],
  [[{ ...item, title: undefined }], /title/],
  [[{ ...item, date: '2016-11-24' }], /date/],
  [[{ ...item, description: 1 }], /description/],
  [[{ ...item, webLink: 'javascript:alert(1)' }], /webLink/],
  [[{ ...item, url: '/x' }], /url/],
  [[{ ...item, actions: {} }], /actions/],
  [[{ ...item, actions: [{ type: 'none', title: 'x' }] }], /actions\[0\] is not an action/],
  [[{ ...item, actions: [{ type: 'link', title: 'x', url: 'data:x' }] }], /actions\[0\]\.url/],
  [[{ ...item, actions: [{ type: 'toggle', title: 'x', property: 'done' }] }], /no boolean/],
  [[{ ...item, done: true, actions: [{ type: 'toggle', title: 'x', property: 'done' }] }], undefined],
  ['none', /not an array/],
  [[1], /not an object/],
];

for (const [items, violation] of timelines) {
  judge(`timeline: ${JSON.stringify(items).slice(0, 70)}`, () => {
    const { violations } = judgeTimeline({ items, refreshAt: nowMs }, nowMs);
    assert.is(violations.length, violation === undefined ? 0 : 1);
    if (violation !== undefined) assert.match(violations[0] ?? '', violation);
  });
}

judge('a timeline that is no object', () => assert.is(judgeTimeline(null, nowMs).violations.length, 1));

judge.run();

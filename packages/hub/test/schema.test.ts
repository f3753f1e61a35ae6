import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import {
  HandOverAnswer,
  NotificationsAnswer,
  NotificationsRequest,
  TimelineAction,
  TimelineAnswer,
  TimelineItem,
  TimelineRequest,
} from '../src/schema.ts';

const schema = suite('schema');
const schemas: Readonly<Record<string, v.GenericSchema>> = {
  HandOverAnswer,
  NotificationsAnswer,
  NotificationsRequest,
  TimelineAction,
  TimelineAnswer,
  TimelineItem,
  TimelineRequest,
};
const item = { id: '1', timelineId: '1', title: 'x', date: 0 };

const cases: readonly [name: string, value: unknown, ok: boolean][] = [
  ['NotificationsRequest', {}, true],
  ['NotificationsRequest', { auth: { any: 'JSON' }, csrf: 'x' }, true],
  ['NotificationsRequest', null, false],
  ['TimelineRequest', { auth: 'x', context: { emails: [], phoneNumbers: [] } }, true],
  ['TimelineRequest', { context: {}, search: 'x' }, true],
  ['TimelineRequest', {}, false],
  ['TimelineRequest', { context: [] }, false],
  ['TimelineRequest', { context: { emails: [1] } }, false],
  ['NotificationsAnswer', { count: 3, refreshAt: 1_767_225_600_000 }, true],
  ['NotificationsAnswer', { count: -1 }, false],
  ['NotificationsAnswer', { count: 1.5 }, false],
  ['NotificationsAnswer', { message: 'not authenticated' }, false],
  ['TimelineAnswer', { items: [] }, true],
  ['TimelineAnswer', { items: Array.from({ length: 30 }, () => item) }, true],
  ['TimelineAnswer', { items: Array.from({ length: 31 }, () => item) }, false],
  ['TimelineAnswer', { items: [{ ...item, date: '2016-11-24' }] }, false],
  ['TimelineItem', { ...item, actions: [{ type: 'link', title: 'x', url: 'https://a.example' }] }, true],
  ['TimelineItem', { ...item, timelineId: undefined }, false],
  ['TimelineAction', { type: 'toggle', title: 'x', property: 'done' }, true],
  ['TimelineAction', { type: 'toggle', title: 'x', property: '__proto__' }, false],
  ['TimelineAction', { type: 'dialog', title: 'x', property: 'note', dialog: { header: 'x' } }, true],
  ['TimelineAction', { type: 'date', title: 'x', property: 'due', datePicker: { header: 'x', title: 'x' } }, true],
  ['TimelineAction', { type: 'other', title: 'x' }, false],
  ['HandOverAnswer', { url: '/linked', more: 1 }, true],
  ['HandOverAnswer', { url: '' }, false],
  ['HandOverAnswer', { url: 1 }, false],
  ['HandOverAnswer', {}, false],
];

for (const [name, value, ok] of cases) {
  schema(`${name} ${ok ? 'takes' : 'refuses'} ${JSON.stringify(value)?.slice(0, 60)}`, () => {
    assert.is(v.safeParse(schemas[name] ?? v.never(), value).success, ok);
  });
}

schema('a context without lists has empty ones', () => {
  assert.equal(v.parse(TimelineRequest, { context: {} }).context, { emails: [], phoneNumbers: [] });
});

schema.run();

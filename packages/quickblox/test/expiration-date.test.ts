import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseExpirationDate } from '../src/expiration-date.ts';

const parse = suite('quickblox · parseExpirationDate');

const read: readonly [text: string, iso: string][] = [
  ['2016-05-02 19:52:00 UTC', '2016-05-02T19:52:00.000Z'],
  ['2017-10-16 12:12:27 +0000', '2017-10-16T12:12:27.000Z'],
  [' 2016-05-02 19:52:00 UTC ', '2016-05-02T19:52:00.000Z'],
  ['2017-10-16 12:12:27 -0000', '2017-10-16T12:12:27.000Z'],
  ['2017-10-16 12:12:27 +0200', '2017-10-16T10:12:27.000Z'],
  ['2017-10-16 12:12:27 -05:30', '2017-10-16T17:42:27.000Z'],
  ['2017-10-16 12:12:27 +2359', '2017-10-15T12:13:27.000Z'],
  ['2024-02-29 23:59:59 UTC', '2024-02-29T23:59:59.000Z'],
];
for (const [text, iso] of read) {
  parse(`reads ${JSON.stringify(text)}`, () => {
    assert.is(new Date(parseExpirationDate(text) ?? 0).toISOString(), iso);
  });
}

const unreadable = [
  null,
  '',
  'UTC',
  '2016-05-02T19:52:00Z',
  '2016-05-02 19:52:00',
  '2016-05-02 19:52 UTC',
  '2016-05-02 19:52:00 CET',
  '2016-05-02  19:52:00 UTC',
  '2016-13-02 19:52:00 UTC',
  '2016-00-10 19:52:00 UTC',
  '2016-02-31 19:52:00 UTC',
  '2023-02-29 00:00:00 UTC',
  '2016-05-02 24:00:00 UTC',
  '2016-05-02 19:60:00 UTC',
  '2016-05-02 19:52:61 UTC',
  '2017-10-16 12:12:27 +2400',
  '2017-10-16 12:12:27 +9900',
  '0050-01-01 00:00:00 UTC',
  '9999-99-99 99:99:99 UTC',
  '2016-05-02 19:52:00 UTC, 2016-05-02 19:52:00 UTC',
  'Mon, 02 May 2016 19:52:00 GMT',
  '1462218720',
];
for (const text of unreadable) {
  parse(`gives nothing for ${JSON.stringify(text)}`, () => {
    assert.is(parseExpirationDate(text), undefined);
  });
}

parse.run();

const properties = suite('quickblox · parseExpirationDate · properties');

properties('reads back every second of four digits of year, in both forms', () =>
  property(
    fc.property(fc.integer({ min: Date.UTC(1000, 0) / 1000, max: Date.UTC(9999, 0) / 1000 }), (seconds) => {
      const text = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
      assert.is(parseExpirationDate(`${text} UTC`), seconds * 1000);
      assert.is(parseExpirationDate(`${text} +0000`), seconds * 1000);
    }),
  ),
);

properties('never throws', () =>
  property(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$/)), (text) => {
      const ms = parseExpirationDate(text);
      assert.ok(ms === undefined || Number.isSafeInteger(ms));
    }),
  ),
);

properties.run();

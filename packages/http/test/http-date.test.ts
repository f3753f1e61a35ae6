import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHttpDate } from '../src/http-date.ts';

const date = suite('http-date · parseHttpDate');

const examples = ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'];
for (const text of examples) {
  date(`reads ${text}, an example of RFC 9110 §5.6.7`, () => assert.is(parseHttpDate(text), 784_111_777_000));
}

const read: readonly [text: string, iso: string][] = [
  ['Mon, 29 Feb 2016 00:00:00 GMT', '2016-02-29T00:00:00Z'],
  ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00Z'],
  ['Thursday, 01-Jan-70 00:00:00 GMT', '1970-01-01T00:00:00Z'],
  ['Tuesday, 31-Dec-69 23:59:59 GMT', '2069-12-31T23:59:59Z'],
  ['Wednesday, 01-Jan-70 00:00:01 GMT', '1970-01-01T00:00:01Z'],
  ['Thu Jan 15 10:11:12 2026', '2026-01-15T10:11:12Z'],
];
for (const [text, iso] of read) {
  date(`reads ${text}`, () => assert.is(parseHttpDate(text), Date.parse(iso)));
}

const refused = [
  '',
  'Sun',
  'Sun, 99 Xxx 1994 08:49:37 GMT',
  'Sun, 06 Xxx 1994 08:49:37 GMT',
  'Sun, 00 Nov 1994 08:49:37 GMT',
  'Sun, 31 Nov 1994 08:49:37 GMT',
  'Sun, 29 Feb 2015 08:49:37 GMT',
  'Sun, 06 Nov 1994 24:00:00 GMT',
  'Sun, 06 Nov 1994 08:60:37 GMT',
  'Sun, 06 Nov 1994 08:49:61 GMT',
  'Sun, 6 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 08:49:37 UTC',
  'Sun, 06 Nov 1994 08:49:37 GMT ',
  ' Sun, 06 Nov 1994 08:49:37 GMT',
  'sun, 06 nov 1994 08:49:37 gmt',
  'Sun, 06-Nov-94 08:49:37 GMT',
  'Sunday, 06-Nov-1994 08:49:37 GMT',
  'XSunday, 06-Nov-94 08:49:37 GMT',
  'Sun Nov 6 08:49:37 1994',
  'Sun Nov  6 08:49:37 1994 GMT',
  'XSun Nov  6 08:49:37 1994',
  'Sun Nov 31 08:49:37 1994',
  'Sun Nov  0 08:49:37 1994',
  '1994-11-06T08:49:37Z',
];
for (const text of refused) {
  date(`refuses ${JSON.stringify(text)}`, () => assert.is(parseHttpDate(text), undefined));
}

date.run();

const properties = suite('http-date · properties');

properties('reads every second that the platform writes', async () => {
  const seconds = fc.integer({ min: 0, max: 253_402_300_799 });
  await property(
    fc.property(seconds, (second) => {
      assert.is(parseHttpDate(new Date(second * 1000).toUTCString()), second * 1000);
    }),
  );
});

properties('gives a whole second or nothing for any text', async () => {
  await property(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const ms = parseHttpDate(text);
      assert.ok(ms === undefined || ms % 1000 === 0);
    }),
  );
});

properties.run();

import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { acceptFields, mediaType, readMediaType, refuseMediaType } from '../../src/server/media-type.ts';

const url = 'https://app.example/callback';

const media = suite('media type · mediaType');
const withType = (type: string): Request => new Request(url, { headers: { 'content-type': type } });

const rows: readonly [given: string, type: string | undefined, charset?: string][] = [
  ['application/json', 'application/json'],
  ['Application/JSON; Charset=UTF-8', 'application/json', 'utf-8'],
  ['application/json;charset="utf-8"', 'application/json', 'utf-8'],
  ['application/json ; version=1 ; charset = latin1 ; x=y', 'application/json', 'latin1'],
  ['application/problem+json', 'application/problem+json'],
  ['text/plain; charset="utf\\-8"; a', 'text/plain', 'utf-8'],
  ['text/plain; a="; charset=latin1;"; charset=utf-8', 'text/plain', 'utf-8'],
  ['text/plain; a="\\"; charset=latin1;"', 'text/plain'],
  ['text/plain; a; ; charset=utf-8', 'text/plain', 'utf-8'],
  ['text/plain; charset="utf-8', undefined],
  ['text/plain; charset=', undefined],
  ['text/plain; charset=""', undefined],
  ['text/plain; charset="utf 8"', undefined],
  ['text/plain; charset=utf-8; charset=latin1', undefined],
  ['text/plain; charset=utf-8; Charset="utf-8"', undefined],
  ['text/plain; notcharset=utf-8', 'text/plain'],
  ['text/plain;', 'text/plain'],
  ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded'],
  ['json', undefined],
  ['application/', undefined],
  ['/json', undefined],
  ['application/json, text/plain', undefined],
  ['application/json text', undefined],
  ['', undefined],
];
for (const [given, type, charset] of rows) {
  media(`reads ${JSON.stringify(given)}`, () => {
    assert.equal(mediaType(withType(given)), type === undefined ? undefined : { type, charset });
  });
}

media('knows nothing without the field', () => assert.is(mediaType(new Request(url)), undefined));

media('never throws, and takes its time from nobody', async () => {
  const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)) });
  await property(
    fc.property(printable, (given) => {
      const read = mediaType(withType(given));
      if (read !== undefined) assert.is(read.type, read.type.toLowerCase());
    }),
  );
  for (const filler of [' ', ';', '; charset=', 'a', ';"', ';a="', ';a="\\', ';a ', 'a =']) {
    const request = withType(`text/plain;${filler.repeat(20_000)}x`);
    const taken = [1, 2, 3].map(() => {
      const before = process.cpuUsage();
      mediaType(request);
      const { user, system } = process.cpuUsage(before); // other processes' time does not count, however many there are
      return user + system;
    });
    // the least, because a machine that stands still may count that to whoever was at work
    assert.ok(Math.min(...taken) < 500_000, filler);
  }
});

media.run();

const accepted = ['application/json', 'application/x-www-form-urlencoded'];
const read = suite('media type · readMediaType');

const readRows: readonly [given: string | undefined, expected: string][] = [
  ['application/json', 'application/json'],
  ['APPLICATION/JSON;Charset="UTF-8"', 'application/json'],
  ['application/x-www-form-urlencoded; v=1', 'application/x-www-form-urlencoded'],
  [undefined, 'media-type-missing'],
  ['', 'media-type-unsupported'],
  ['json', 'media-type-unsupported'],
  ['text/plain', 'media-type-unsupported'],
  ['application/jsonx', 'media-type-unsupported'],
  ['application/json, application/json', 'media-type-unsupported'],
  ['application/json; charset=', 'media-type-unsupported'],
  ['text/plain; charset=utf-16', 'media-type-unsupported'],
  ['application/json; charset=utf8', 'charset-unsupported'],
  ['application/json; charset=utf-16', 'charset-unsupported'],
  ['application/json; charset=us-ascii', 'charset-unsupported'],
];
for (const [given, expected] of readRows) {
  read(`says ${expected} for ${JSON.stringify(given)}`, () => {
    const result = readMediaType(given === undefined ? new Request(url) : withType(given), accepted);
    assert.is(result.ok ? result.type : result.reason, expected);
  });
}

read.run();

const refuse = suite('media type · refuseMediaType');

for (const [given, code] of readRows) {
  if (accepted.includes(code)) {
    refuse(`lets ${JSON.stringify(given)} pass`, () => {
      assert.is(refuseMediaType(withType(given ?? ''), accepted), undefined);
    });
    continue;
  }
  refuse(`answers ${JSON.stringify(given)} with ${code} and what is taken`, async () => {
    const headers: HeadersInit = given === undefined ? {} : { 'content-type': given };
    const refusal = refuseMediaType(new Request(url, { method: 'POST', headers }), accepted);
    assert.is(refusal?.status, 415);
    assert.is(refusal?.headers.get('accept'), 'application/json, application/x-www-form-urlencoded');
    assert.is(refusal?.headers.get('accept-post'), 'application/json, application/x-www-form-urlencoded');
    assert.equal(await refusal?.json(), { status: 415, code });
  });
}

for (const [method, fields] of [
  ['POST', ['accept', 'accept-post']],
  ['PATCH', ['accept', 'accept-patch']],
  ['PUT', ['accept']],
] as const) {
  refuse(`tells who used ${method} in the fields that there are for it`, () => {
    assert.equal(
      Object.entries(acceptFields(method, ['a/b', 'c/d'])),
      fields.map((field) => [field, 'a/b, c/d']),
    );
    const refusal = refuseMediaType(new Request(url, { method }), ['a/b']);
    assert.equal(
      [...(refusal?.headers ?? [])].filter(([name]) => name.startsWith('accept')).map(([name]) => name),
      fields,
    );
  });
}

refuse.run();

import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mediaType, refuseMethod } from '../../src/server/method.ts';

const url = 'https://app.example/callback';

const method = suite('method · refuseMethod');

method('lets an allowed method pass', () => {
  assert.is(refuseMethod(new Request(url, { method: 'POST' }), ['GET', 'POST']), undefined);
});

for (const name of ['HEAD', 'PUT', 'OPTIONS', 'PURGE', 'get-it']) {
  method(`refuses ${name} with what is allowed instead`, async () => {
    const refusal = refuseMethod(new Request(url, { method: name }), ['GET', 'POST']);
    assert.is(refusal?.status, 405);
    assert.is(refusal?.headers.get('allow'), 'GET, POST');
    assert.equal(await refusal?.json(), { status: 405, code: 'method-not-allowed' });
  });
}

method.run();

const media = suite('method · mediaType');
const withType = (type: string): Request => new Request(url, { headers: { 'content-type': type } });

const rows: readonly [given: string, type: string | undefined, charset?: string][] = [
  ['application/json', 'application/json'],
  ['Application/JSON; Charset=UTF-8', 'application/json', 'utf-8'],
  ['application/json;charset="utf-8"', 'application/json', 'utf-8'],
  ['application/json ; version=1 ; charset = latin1 ; x=y', 'application/json', 'latin1'],
  ['application/problem+json', 'application/problem+json'],
  ['text/plain; charset="utf-8', 'text/plain'],
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
  for (const filler of [' ', ';', '; charset=', 'a', ';"']) {
    const startedMs = performance.now();
    mediaType(withType(`text/plain;${filler.repeat(20_000)}x`));
    assert.ok(performance.now() - startedMs < 500, filler);
  }
});

media.run();

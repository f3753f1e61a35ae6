import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatSegment, isSegment, parseSegment } from '../src/segment.ts';

const format = suite('segment · formatSegment');

const encoded: readonly [text: string, segment: string][] = [
  ['ann@example.com', 'ann%40example.com'],
  ['a/b', 'a%2Fb'],
  ['a+b', 'a%2Bb'],
  ['%2e%2e', '%252e%252e'],
  ['é', '%C3%A9'],
  ['...', '...'],
  ['my app', 'my%20app'],
];

for (const [text, segment] of encoded) {
  format(`writes ${text} as ${segment}, which a URL keeps (§12)`, () => {
    assert.is(formatSegment(text), segment);
    assert.is(new URL(`https://hub.example/v1/app/${segment}/auth`).pathname, `/v1/app/${segment}/auth`);
    assert.is(parseSegment(segment), text);
  });
}

for (const text of ['..', '.', '', 'a\0', 'a\n', 'a\u0085', 'a\ud800', '\udc00a', 'x'.repeat(257)]) {
  format(`refuses ${JSON.stringify(text).slice(0, 20)}`, () => {
    assert.throws(() => formatSegment(text), /path segment/);
    assert.not(isSegment(text));
  });
}

format('takes 256 characters and surrogate pairs', () => {
  assert.is(formatSegment('x'.repeat(256)).length, 256);
  assert.is(parseSegment(formatSegment('😀')), '😀');
});

format.run();

const parse = suite('segment · parseSegment');

const readable: readonly [raw: string, text: string | undefined][] = [
  ['a+b', 'a+b'],
  ['ann@example.com', 'ann@example.com'],
  ['%E0%A4', undefined],
  ['%', undefined],
  ['%00', undefined],
  ['%2E', undefined],
  ['', undefined],
  ['%ED%A0%80', undefined],
];

for (const [raw, text] of readable) {
  parse(`reads ${raw || 'nothing'} as ${text ?? 'unreadable'}`, () => assert.is(parseSegment(raw), text));
}

parse.run();

const properties = suite('segment · properties');

properties('what is written is read back, and no other text is accepted', () =>
  property(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      if (!isSegment(text)) assert.throws(() => formatSegment(text), /segment/);
      else assert.is(parseSegment(formatSegment(text)), text);
    }),
  ),
);

properties('reading never throws', () =>
  property(fc.property(fc.string({ unit: 'binary' }), (raw) => void parseSegment(raw))),
);

properties.run();

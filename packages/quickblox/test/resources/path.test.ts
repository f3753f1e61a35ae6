import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { idsSegment, numberSegment, textSegment } from '../../src/resources/path.ts';

const segment = suite('quickblox · segments of a path');

segment('takes text that names one thing', () => {
  assert.is(textSegment('id', '5d75393ba28f9a17e1cb0f9e'), '5d75393ba28f9a17e1cb0f9e');
  assert.is(textSegment('className', 'a/b?c#d'), 'a%2Fb%3Fc%23d');
  for (const text of ['', '.', '..', 7, undefined]) {
    assert.throws(() => textSegment('className', text as never), /^className must be text/);
  }
});

segment('takes positive integers', () => {
  assert.is(numberSegment('id', 7), '7');
  for (const id of [0, -1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1, '7']) {
    assert.throws(() => numberSegment('id', id as never), /^id must be a positive integer/);
  }
});

segment('takes one id or several', () => {
  assert.is(idsSegment('ids', 'a'), 'a');
  assert.is(idsSegment('ids', ['a', 'b/c']), 'a,b%2Fc');
  assert.throws(() => idsSegment('ids', []), /^ids must have at least one id/);
  assert.throws(() => idsSegment('ids', ['a,b']), /^ids must not have commas/);
  assert.throws(() => idsSegment('ids', ['a', '']), /^ids must be text/);
});

segment.run();

const properties = suite('quickblox · segments of a path · properties');

properties('never leads to another path', () =>
  property(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      if (text === '.' || text === '..') return;
      const url = new URL(`data/${textSegment('className', text)}/file.json?a=b`, 'https://a.example/');
      assert.match(url.pathname, /^\/data\/[^/]+\/file\.json$/);
      assert.is(url.search, '?a=b');
    }),
  ),
);

properties.run();

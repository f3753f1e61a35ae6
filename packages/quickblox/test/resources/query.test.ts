import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeQuery, encodeText } from '../../src/resources/query.ts';

const encode = suite('quickblox · encodeQuery');

encode('encodes names and values, and leaves the brackets of names', () => {
  assert.is(encodeQuery([['filter[]', 'number id gt 3']]), 'filter[]=number%20id%20gt%203');
  assert.is(
    encodeQuery([
      ['a[in]', '1,2'],
      ['b', '[x]'],
    ]),
    'a[in]=1%2C2&b=%5Bx%5D',
  );
  assert.is(encodeQuery([['email', 'anna+qa@example.com']]), 'email=anna%2Bqa%40example.com');
});

encode('leaves out what is undefined, and nothing else', () => {
  assert.is(
    encodeQuery([
      ['a', undefined],
      ['b', ''],
      ['c', 0],
    ]),
    'b=&c=0',
  );
  assert.is(encodeQuery([]), '');
});

encode.run();

const properties = suite('quickblox · encodeQuery · properties');
const text = fc.string({ unit: 'grapheme' });

properties('is read back by a server as it was, whatever the names and values', () =>
  property(
    fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
      const query = encodeQuery(pairs);
      assert.equal([...new URLSearchParams(query)], pairs);
      assert.equal([...new URL(`https://a.example/?${query}`).searchParams], pairs);
    }),
  ),
);

properties('stays within what a URL keeps as it is', () =>
  property(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const query = encodeQuery([[value, value]]);
      assert.match(query, /^[\w.*%[\]-]*=[\w.*%-]*$/);
      assert.is(new URL(`https://a.example/?${query}`).search.slice(1), query);
      assert.not.match(encodeText(value), /[/?#&=+\s]/);
    }),
  ),
);

properties.run();

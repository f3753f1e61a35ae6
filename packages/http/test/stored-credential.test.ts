import type { JsonValue } from '@x/crypto';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readLease, readShelf } from '../src/stored-credential.ts';

const reading = suite('stored-credential');

const rubbish: readonly (JsonValue | undefined)[] = [
  ...[undefined, null, true, 7, 'text', [], [1], {}],
  ...[{ fence: '1' }, { fence: -1 }, { fence: 1.5 }, { fence: 2 ** 60 }, { fence: null }],
];

for (const value of rubbish) {
  reading(`${JSON.stringify(value)} is neither record nor lease`, () => {
    assert.is(readShelf(value), undefined);
    assert.is(readLease(value), undefined);
  });
}

reading('a record has a number, and perhaps a value and an owner', () => {
  assert.equal(readShelf({ fence: 1 }), { fence: 1 });
  assert.equal(readShelf({ fence: 1, claim: 'me', value: 'v' }), { fence: 1, claim: 'me', value: 'v' });
  assert.is(readShelf({ fence: 1, claim: 7 }), undefined);
});

reading('a lease has an owner and a number, and perhaps a verdict', () => {
  assert.equal(readLease({ fence: 1, owner: 'me' }), { fence: 1, owner: 'me' });
  assert.is(readLease({ fence: 1 }), undefined);
  assert.is(readLease({ fence: 1, owner: 7 }), undefined);
  assert.is(readLease({ fence: 1, owner: 'me', refused: 'credential.refused' })?.refused, 'credential.refused');
  assert.is(readLease({ fence: 1, owner: 'me', refused: 'anything' }), undefined);
  const refused = { fence: 1, owner: 'me', refused: 'credential.refused' };
  assert.equal(readLease({ ...refused, why: { code: 'a', status: 401 } })?.why, { code: 'a', status: 401 });
  for (const why of ['a', null, {}, { code: 'a' }, { code: 7, status: 401 }, { code: 'a', status: '401' }]) {
    assert.is(readLease({ ...refused, why }), undefined);
  }
});

reading('never throws, whatever is stored', async () => {
  await property(
    fc.property(fc.jsonValue(), (value) => {
      readShelf(value as JsonValue);
      readLease(value as JsonValue);
    }),
  );
});

reading.run();

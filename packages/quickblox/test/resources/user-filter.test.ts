import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeQuery } from '../../src/resources/query.ts';
import { type UserFilter, userPairs } from '../../src/resources/user-filter.ts';

const filter = suite('quickblox · userPairs');
const at = new Date(Date.UTC(2019, 4, 23, 18, 7, 19, 999));

/** QuickBlox fact sheet §7: type, field, operator and value, separated by spaces. */
const cases: readonly [filter: UserFilter, text: string][] = [
  [{ field: 'id', op: 'lt', value: 85_000 }, 'number id lt 85000'],
  [{ field: 'external_user_id', op: 'gt', value: 33 }, 'number external_user_id gt 33'],
  [{ field: 'facebook_id', op: 'between', value: [1, 5] }, 'number facebook_id between 1,5'],
  [{ field: 'id', op: 'in', value: [7, 8, 9] }, 'number id in 7,8,9'],
  [{ field: 'facebook_id', op: 'eq', value: '10215678901234567' }, 'number facebook_id eq 10215678901234567'],
  [{ field: 'twitter_id', op: 'in', value: ['10215678901234567', 5] }, 'number twitter_id in 10215678901234567,5'],
  [{ field: 'full_name', op: 'eq', value: 'Anna Maria' }, 'string full_name eq Anna Maria'],
  [{ field: 'email', op: 'ne', value: 'a+b@example.com' }, 'string email ne a+b@example.com'],
  [{ field: 'twitter_id', op: 'le', value: 4 }, 'number twitter_id le 4'],
  [{ field: 'phone', op: 'eq', value: '+49 30' }, 'string phone eq +49 30'],
  [{ field: 'website', op: 'eq', value: 'a.example' }, 'string website eq a.example'],
  [{ field: 'login', op: 'in', value: ['a', 'b'] }, 'string login in a,b'],
  [{ field: 'updated_at', op: 'ge', value: at }, 'date updated_at ge 2019-05-23T18:07:19Z'],
  [
    { field: 'created_at', op: 'between', value: [new Date(0), at] },
    'date created_at between 1970-01-01T00:00:00Z,2019-05-23T18:07:19Z',
  ],
];
for (const [given, text] of cases) {
  filter(`writes ${text}`, () => assert.equal(userPairs(given), [['filter[]', text]]));
}

filter('writes several, and an order', () => {
  const pairs = userPairs(
    [
      { field: 'facebook_id', op: 'lt', value: 50_000 },
      { field: 'created_at', op: 'gt', value: at },
    ],
    { field: 'last_request_at', direction: 'desc' },
  );
  assert.is(
    encodeQuery(pairs),
    'filter[]=number%20facebook_id%20lt%2050000' +
      '&filter[]=date%20created_at%20gt%202019-05-23T18%3A07%3A19Z' +
      '&order=desc%20date%20last_request_at',
  );
  assert.equal(userPairs(), []);
  assert.equal(userPairs([], { field: 'id', direction: 'asc' }), [['order', 'asc number id']]);
});

filter('refuses what cannot be written', () => {
  assert.throws(() => userPairs({ field: 'nick', op: 'eq', value: 'a' } as never), /^field must be one of id, /);
  assert.throws(() => userPairs([], { field: 'toString', direction: 'asc' } as never), /^field must be one of/);
  assert.throws(() => userPairs({ field: 'login', op: 'in', value: ['a,b'] }), /^login must not have a comma/);
  assert.throws(() => userPairs([], { field: 'id', direction: 'up' } as never), /^sort\.direction must be 'asc' or/);
  for (const op of ['lte', 'toString', 'gt 5', undefined]) {
    assert.throws(() => userPairs({ field: 'id', op, value: 1 } as never), /^id must be compared by gt, lt, ge, /);
  }
  assert.throws(() => userPairs({ field: 'created_at', op: 'gt', value: new Date(Number.NaN) }), /Invalid time value/);
  assert.throws(
    () => userPairs({ field: 'id', op: 'in', value: [] }),
    /^id must not be compared with a list of nothing/,
  );
  for (const value of [Number.MAX_SAFE_INTEGER + 1, Number.NaN, 1.5]) {
    const text = /^facebook_id must be a safe integer; larger ids are given as text$/;
    assert.throws(() => userPairs({ field: 'facebook_id', op: 'eq', value }), text);
    assert.throws(() => userPairs({ field: 'facebook_id', op: 'in', value: [1, value] }), text);
  }
});

filter.run();

const properties = suite('quickblox · userPairs · properties');

properties('keep the value whole, whatever it is', () =>
  property(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (value) => {
      const query = encodeQuery(userPairs({ field: 'full_name', op: 'eq', value }));
      const [read = ''] = new URLSearchParams(query).getAll('filter[]');
      assert.is(read.slice('string full_name eq '.length), value);
    }),
  ),
);

properties.run();

import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Criteria, sortPairs, toJson, toPairs } from '../../src/resources/criteria.ts';
import { encodeQuery } from '../../src/resources/query.ts';

const criteria = suite('quickblox · criteria');

/** QuickBlox fact sheet §7, with examples of the reference for list dialogs, list messages and list records. */
const cases: readonly [criteria: Criteria, query: string][] = [
  [{ type: { in: [1, 2] } }, 'type[in]=1%2C2'],
  [{ updated_at: { lt: 1556829805 } }, 'updated_at[lt]=1556829805'],
  [{ last_message_date_sent: { gte: 1, lte: 2 } }, 'last_message_date_sent[gte]=1&last_message_date_sent[lte]=2'],
  [{ _id: { ne: '5cc9bb58a28f9a406659d777' } }, '_id[ne]=5cc9bb58a28f9a406659d777'],
  [{ occupants_ids: { all: [7, 8] } }, 'occupants_ids[all]=7%2C8'],
  [{ name: { nin: ['a', 'b'] }, score: { gt: 2.45 } }, 'name[nin]=a%2Cb&score[gt]=2.45'],
  [{ name: { or: ['sam', 'tim'] } }, 'name[or]=sam%2Ctim'],
  [{ message: { ctn: 'a, b & c' } }, 'message[ctn]=a%2C%20b%20%26%20c'],
  [{ place: { near: '25.32,44.551;1000' } }, 'place[near]=25.32%2C44.551%3B1000'],
  [{ type: 3, name: 'New Year', expert: false }, 'type=3&name=New%20Year&expert=false'],
  [{ 'data[class_name]': 'Cool', 'data[friends]': 2 }, 'data[class_name]=Cool&data[friends]=2'],
  [{ a: undefined, b: { lt: undefined, gt: 0 } }, 'b[gt]=0'],
  [{}, ''],
];
for (const [given, query] of cases) {
  criteria(`writes ${JSON.stringify(given)}`, () => assert.is(encodeQuery(toPairs(given)), query));
}

criteria('writes comparisons of a JSON body as objects', () => {
  assert.equal(toJson({ expert_mode: false, progress: { gt: 0.2, in: [1, 2] } }), {
    expert_mode: false,
    progress: { gt: '0.2', in: '1,2' },
  });
});

criteria('writes an order', () => {
  assert.equal(sortPairs(undefined), []);
  assert.equal(sortPairs({ field: 'date_sent', direction: 'desc' }), [['sort_desc', 'date_sent']]);
  assert.equal(sortPairs({ field: 'name', direction: 'asc' }), [['sort_asc', 'name']]);
  for (const direction of ['up', 'ASC', '', undefined]) {
    assert.throws(() => sortPairs({ field: 'name', direction } as never), /^sort\.direction must be 'asc' or 'desc'$/);
  }
});

criteria('refuses a list in which a value would become two', () => {
  assert.throws(() => toPairs({ name: { in: ['a,b'] } }), /^name must not have a comma/);
  assert.throws(() => toPairs({ name: { in: ['a', 'b,c'] } }), /^name must not have a comma/);
  assert.throws(() => toJson({ name: { in: ['a,b'] } }), /^name must not have a comma/);
});

criteria('refuses what is no value, and a list that would meet nothing or everything', () => {
  const list = /^status must be text, a number or a truth value; a list goes with a comparison/;
  for (const none of [['open', 'closed'], []]) assert.throws(() => toPairs({ status: none } as never), list);
  for (const none of [null, new Date(0), new Map([['in', 1]]), Number.NaN, Number.POSITIVE_INFINITY, 1n]) {
    assert.throws(() => toPairs({ status: none } as never), list);
    assert.throws(() => toPairs({ status: { gt: none } } as never), list);
  }
  for (const none of [[], [undefined], [null], [['a']], [new Date(0)], [Number.NaN]]) {
    assert.throws(() => toPairs({ status: { in: none } } as never), /^status must/);
    assert.throws(() => toJson({ status: { nin: none } } as never), /^status must/);
  }
});

criteria.run();

const properties = suite('quickblox · criteria · properties');
const field = fc.stringMatching(/^[a-z_]{1,12}$/);
const value = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes(',')),
);

properties('are read back as field, operator and values', () =>
  property(
    fc.property(fc.dictionary(field, fc.record({ in: fc.array(value, { minLength: 1 }), ne: value })), (given) => {
      const read = [...new URLSearchParams(encodeQuery(toPairs(given)))];
      const wanted = Object.entries(given).flatMap(([name, { in: list, ne }]) => [
        [`${name}[in]`, list.map(String).join(',')],
        [`${name}[ne]`, String(ne)],
      ]);
      assert.equal(read, wanted);
    }),
  ),
);

properties.run();

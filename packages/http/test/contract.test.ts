import { inspect } from 'node:util';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { contractError, parse } from '../src/contract.ts';
import { ContractError } from '../src/errors.ts';
import type { StandardSchema } from '../src/standard-schema.ts';

const of = { provider: 'sample', what: 'the order' };

function failureOf(schema: StandardSchema, value: unknown): ContractError {
  try {
    parse(schema, value, of);
  } catch (error) {
    if (error instanceof ContractError) return error;
    throw error;
  }
  return assert.unreachable('the value was taken') as never;
}

const parsing = suite('contract · parse');

parsing('gives the value as the schema makes it', () => {
  const schema = v.object({ id: v.pipe(v.string(), v.transform(Number)) });
  assert.equal(parse(schema, { id: '7', extra: true }, of), { id: 7 });
});

const rows: readonly [name: string, schema: StandardSchema, value: unknown, path: string, expected: string][] = [
  ['the whole value', v.string(), 1, '', 'string'],
  ['a member', v.object({ id: v.number() }), { id: 'hush' }, 'id', 'number'],
  ['a missing member', v.object({ id: v.number() }), {}, 'id', '"id"'],
  ['an element', v.array(v.number()), [1, 'hush'], '[1]', 'number'],
  ['a nested one', v.object({ a: v.array(v.object({ b: v.number() })) }), { a: [{ b: 'hush' }] }, 'a[0].b', 'number'],
  [
    'a check without expectation',
    v.pipe(
      v.string(),
      v.check(() => false),
    ),
    'hush',
    '',
    'what its schema allows',
  ],
  [
    'a record by token, whose key is masked',
    v.record(v.string(), v.number()),
    { '0123456789abcdef0123456789abcdef': 'hush' },
    '…',
    'number',
  ],
];
for (const [name, schema, value, path, expected] of rows) {
  parsing(`tells of ${name}`, () => {
    const error = failureOf(schema, value);
    assert.equal(error.issues, [{ path, expected }]);
    assert.is(error.code, 'http.contract-broken');
    assert.match(error.message, `the order is not as documented: ${path === '' ? 'the whole' : path}`);
    assert.not.match(inspect(error, { depth: null, showHidden: true }), /hush|0123456789abcdef/);
  });
}

parsing('tells of twenty issues at most', () => {
  assert.is(failureOf(v.array(v.number()), Array.from({ length: 100 }, String)).issues.length, 20);
});

parsing('takes the bare keys of other schema libraries', () => {
  const error = contractError([{ message: 'x', path: ['a', 0, Symbol('s'), 'b'] }], of);
  assert.is(error.issues[0]?.path, 'a[0].Symbol(s).b');
});

parsing('an asynchronous schema is the programmer’s mistake', () => {
  const schema = v.pipeAsync(
    v.string(),
    v.checkAsync(async () => true),
  );
  assert.throws(() => parse(schema as never, 'x', of), /the schema of the order must be synchronous/);
});

parsing.run();

const properties = suite('contract · properties');

properties('no value shows, whatever was sent', async () => {
  const schema = v.object({ a: v.literal(1), b: v.array(v.object({ c: v.picklist(['x']) })), d: v.date() });
  await property(
    fc.property(fc.stringMatching(/^[a-z0-9]{12,40}$/), (marker) => {
      const value = { a: marker, b: [{ c: marker }, marker], d: { [marker]: marker } };
      assert.not.match(inspect(failureOf(schema, value), { depth: null, showHidden: true }), marker);
    }),
  );
});

properties.run();

import { runInNewContext } from 'node:vm';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertJson, isPlainObject } from '../src/json.ts';
import { Secret } from '../src/secret.ts';

const check = suite('json · assertJson');

for (const value of [null, true, 0, -1.5, '', 'a\ud800', [], {}, [1, [2]], { a: { b: null } }, Object.create(null)]) {
  check(`accepts ${JSON.stringify(value)}`, () => assertJson(value, 'it'));
}

check('accepts objects of another realm', () => assertJson(runInNewContext('({ a: [{}] })'), 'it'));
check('accepts a member named __proto__', () => assertJson(JSON.parse('{"__proto__":{"a":1}}'), 'it'));

for (const [name, value, message] of [
  ['nothing', undefined, 'it must be a JSON value'],
  ['a function', () => 0, 'it must be a JSON value'],
  ['a symbol', Symbol('s'), 'it must be a JSON value'],
  ['a big integer', 1n, 'it must be a JSON value'],
  ['NaN', Number.NaN, 'it must be a JSON value'],
  ['infinity', Number.NEGATIVE_INFINITY, 'it must be a JSON value'],
  ['a date', new Date(0), 'it must be a plain object'],
  ['a map', new Map(), 'it must be a plain object'],
  ['bytes', new Uint8Array(1), 'it must be a plain object'],
  ['a secret', new Secret('hidden'), 'it must be a plain object'],
  ['a boxed text', new String('text'), 'it must be a plain object'],
  ['a member that is nothing', { a: { b: undefined } }, 'it.a.b must be a JSON value'],
  ['an element that is nothing', { a: [1, { b: [() => 0] }] }, 'it.a[1].b[0] must be a JSON value'],
  ['a hole', new Array(1), 'it[0] must be a JSON value'],
  ['a secret inside', { token: new Secret('hidden') }, 'it.token must be a plain object'],
] as const) {
  check(`refuses ${name}`, () => {
    assert.throws(
      () => assertJson(value, 'it'),
      (error: unknown) => error instanceof TypeError && error.message === message,
    );
  });
}

const nested = (levels: number): unknown =>
  levels === 0 ? 'core' : levels % 2 ? [nested(levels - 1)] : { a: nested(levels - 1) };

check('accepts 32 levels and refuses 33', () => {
  assertJson(nested(32), 'it');
  assert.throws(
    () => assertJson(nested(33), 'it'),
    (error: unknown) => error instanceof RangeError && /more than 32 levels/.test(error.message),
  );
});

check('refuses a cycle', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  assert.throws(
    () => assertJson(cycle, 'it'),
    (error: unknown) => error instanceof RangeError,
  );
});

check.run();

const plain = suite('json · isPlainObject');

for (const [name, value, expected] of [
  ['a literal', {}, true],
  ['an object without prototype', Object.create(null), true],
  ['an object of another realm', runInNewContext('({})'), true],
  ['a list', [], false],
  ['a list of another realm', runInNewContext('[]'), false],
  ['an instance', new (class Point {})(), false],
  ['null', null, false],
  ['text', 'text', false],
  ['a function', () => 0, false],
] as const) {
  plain(`says ${expected} for ${name}`, () => assert.is(isPlainObject(value), expected));
}

plain.run();

const properties = suite('json · properties');

properties('what is accepted survives JSON unchanged', async () => {
  await property(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      assertJson(value, 'it');
      const text = JSON.stringify(value);
      assert.is(JSON.stringify(JSON.parse(text)), text);
    }),
  );
});

properties('what JSON would drop or change is refused', async () => {
  const lossy = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });
  await property(
    fc.property(lossy, (value) => {
      try {
        assertJson(value, 'it');
      } catch {
        return;
      }
      assert.ok(fc.stringify(JSON.parse(JSON.stringify(value))) === fc.stringify(positive(value)));
    }),
    { runs: 1000 },
  );
});

/** Negative zero is the one value that JSON writes as another, equal one; null prototypes become plain ones. */
function positive(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(positive);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    Object.defineProperty(copy, name, {
      value: positive(member),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy;
}

properties.run();

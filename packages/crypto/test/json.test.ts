import { runInNewContext } from 'node:vm';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatJson, isPlainObject, isShallow } from '../src/json.ts';
import { Secret } from '../src/secret.ts';

const format = suite('json · formatJson');

for (const value of [null, true, 0, -1.5, 1e300, '', 'a\ud800"\n', [], {}, [1, [2]], { a: { b: null }, c: [{}] }]) {
  const text = JSON.stringify(value);
  format(`writes ${text}`, () => assert.is(formatJson(value, 'it'), text));
}

format('writes an object without a prototype', () => assert.is(formatJson(Object.create(null), 'it'), '{}'));
format('writes objects of another realm', () => {
  assert.is(formatJson(runInNewContext('({ a: [{}] })'), 'it'), '{"a":[{}]}');
});
format('writes a member named __proto__', () => {
  const text = '{"__proto__":{"a":1}}';
  assert.is(formatJson(JSON.parse(text), 'it'), text);
});
format('writes negative zero, which reads back as itself', () => {
  assert.is(formatJson({ a: -0 }, 'it'), '{"a":-0}');
  assert.ok(Object.is(JSON.parse(formatJson(-0, 'it')), -0));
});

format('is not answered by toJSON, wherever it hides', () => {
  const toJSON = (): unknown => ({ admin: true });
  const hidden = Object.defineProperty({ admin: false }, 'toJSON', { value: toJSON });
  assert.is(formatJson(hidden, 'it'), '{"admin":false}');
  class Evasive extends Array<number> {
    toJSON(): string {
      return 'gone';
    }
    override [Symbol.iterator](): ArrayIterator<number> {
      return [7][Symbol.iterator]();
    }
  }
  assert.is(formatJson(Evasive.from([1, 2]), 'it'), '[1,2]');
  Object.defineProperty(Object.prototype, 'toJSON', { value: toJSON, configurable: true });
  try {
    assert.is(formatJson({ a: [{ b: 1 }] }, 'it'), '{"a":[{"b":1}]}');
  } finally {
    Reflect.deleteProperty(Object.prototype, 'toJSON');
  }
});

format('reads a member once, so that it cannot change after it was checked', () => {
  const answers: readonly unknown[] = ['user', new Date(0)];
  let asked = 0;
  const changing = {
    get role(): unknown {
      asked += 1;
      return answers[asked - 1];
    },
  };
  assert.is(formatJson(changing, 'it'), '{"role":"user"}');
  assert.is(asked, 1);
});

format('passes over what is hidden on purpose', () => {
  const value = { a: 1 };
  Object.defineProperty(value, 'hidden', { value: () => 0 });
  Object.defineProperty(value, Symbol('hidden'), { value: 1 });
  assert.is(formatJson(value, 'it'), '{"a":1}');
});

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
  ['a member that a symbol names', { a: { [Symbol('b')]: 1 } }, 'it.a must have no symbols for members'],
  ['an element that a symbol names', Object.assign([], { [Symbol('b')]: 1 }), 'it must have no symbols for members'],
  ['a member beside the elements', { a: Object.assign([1], { b: 2 }) }, 'it.a must be a list of elements only'],
  ['a secret inside', { token: new Secret('hidden') }, 'it.token must be a plain object'],
] as const) {
  format(`refuses ${name}`, () => {
    assert.throws(
      () => formatJson(value, 'it'),
      (error: unknown) => error instanceof TypeError && error.message === message,
    );
  });
}

const nested = (levels: number): unknown =>
  levels === 0 ? 'core' : levels % 2 ? [nested(levels - 1)] : { a: nested(levels - 1) };

format('writes 32 levels and refuses 33', () => {
  assert.is(formatJson(nested(32), 'it'), JSON.stringify(nested(32)));
  assert.throws(
    () => formatJson(nested(33), 'it'),
    (error: unknown) => error instanceof RangeError && /more than 32 levels/.test(error.message),
  );
});

format('refuses a cycle', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  assert.throws(
    () => formatJson(cycle, 'it'),
    (error: unknown) => error instanceof RangeError,
  );
});

format.run();

const shallow = suite('json · isShallow');

shallow('knows 32 levels of lists and objects from 33', () => {
  assert.is(isShallow(nested(32)), true);
  assert.is(isShallow(nested(33)), false);
  for (const value of [null, 1, 'text', true, [], {}]) assert.is(isShallow(value), true);
});

shallow.run();

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

properties('writes JSON as the platform does', async () => {
  await property(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const value: unknown = JSON.parse(text.replaceAll('-0', '0'));
      assert.is(formatJson(value, 'it'), JSON.stringify(value));
    }),
  );
});

properties('what JSON would drop or change is refused', async () => {
  const lossy = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });
  await property(
    fc.property(lossy, (value) => {
      let text: string;
      try {
        text = formatJson(value, 'it');
      } catch {
        return;
      }
      assert.is(fc.stringify(JSON.parse(text)), fc.stringify(plainly(value)));
    }),
    { runs: 1000 },
  );
});

/** What was parsed has prototypes; what was written need not have. */
function plainly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    Object.defineProperty(copy, name, {
      value: plainly(member),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy;
}

properties.run();

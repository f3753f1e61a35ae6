import type { JsonValue } from '@x/crypto/light';
import { expectRejection, expectSame } from './expect.ts';
import type { Check } from './store-under-test.ts';

const everyKind = (): readonly (readonly [what: string, value: JsonValue])[] => [
  ['null', null],
  ['false', false],
  ['zero', 0],
  ['a negative fraction', -1.5],
  ['the largest safe integer', Number.MAX_SAFE_INTEGER],
  ['the smallest number', Number.MIN_VALUE],
  ['an empty text', ''],
  ['a text that looks like JSON', '{"a":1}'],
  ['a text with NUL and control characters', 'a\u0000b\u0001\u001f\r\n\t\u007f'],
  ['a text beyond ASCII', 'Ünïcödé, 鍵, ключ, 🔑, e\u0301, \u2028, \ufeff'],
  ['a text with lone surrogates', '\ud800a\udfff'],
  ['a text with quotes, backslashes and percent signs', `"'\\%s%00$1\${x}`],
  ['an empty list', []],
  ['an empty object', {}],
  ['nested lists and objects', { list: [1, [2, [{ a: null }]]], object: { b: { c: [] } } }],
  ['members named as prototypes have them', JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":3}')],
  ['members with awkward names', { '': 1, 'a b': 2, '10': 3, '9': 4, ä: 5 }],
  // A name that JSON escapes stands alone: behind another, V8 misreads it once it has read one that begins with a
  // backslash there (nodejs/node#63785), and no store on JSON can do anything about it.
  ['a member whose name is NUL', { '\u0000': 1 }],
  ['a member whose name is a quotation mark', { '"': 1 }],
];

/** Pairs that a careless comparison takes for equal. */
const unequal: readonly (readonly [held: JsonValue, expected: JsonValue])[] = [
  [1, '1'],
  [0, false],
  ['', null],
  [null, 'null'],
  [[], {}],
  [
    [1, 2],
    [2, 1],
  ],
  [{ a: 1 }, { a: 1, b: null }],
  [{ a: 1, b: 2 }, { a: 1 }],
  ['é', 'e\u0301'],
  ['a', 'A'],
  ['a', 'a '],
  [1, 1.0000000000000002],
];

/** What a store promises about one key at a time, without a clock. */
export const contractChecks = (): readonly Check[] => [
  {
    name: 'knows nothing of a key that was never set',
    async check({ store }) {
      expectSame(await store.get('missing'), undefined, 'get');
      await store.delete('missing');
      expectSame(await store.compareAndSet('missing', 'a', 'b'), false, 'compareAndSet of an expected value');
      expectSame(await store.compareAndSet('missing', null, 'b'), false, 'compareAndSet of an expected null');
      expectSame(await store.get('missing'), undefined, 'get after all that');
    },
  },
  ...everyKind().map(
    ([what, value]): Check => ({
      name: `gives back ${what}`,
      async check({ store, peer }) {
        await store.set('key', value);
        expectSame(await peer.get('key'), value, 'get');
        expectSame(await peer.compareAndSet('key', value, 'next'), true, 'compareAndSet from it');
        expectSame(await store.compareAndSet('key', 'next', value), true, 'compareAndSet to it');
        expectSame(await peer.get('key'), value, 'get after compareAndSet');
      },
    }),
  ),
  {
    name: 'keeps a copy and gives copies',
    async check({ store }) {
      const value = { list: [1] };
      await store.set('key', value);
      value.list.push(2);
      const first = (await store.get('key')) as { list: number[] };
      first.list.push(3);
      expectSame(await store.get('key'), { list: [1] }, 'get');
    },
  },
  {
    name: 'replaces and deletes',
    async check({ store, peer }) {
      await store.set('key', 'old');
      await peer.set('key', 'new');
      expectSame(await store.get('key'), 'new', 'get after set');
      await peer.delete('key');
      expectSame(await store.get('key'), undefined, 'get after delete');
    },
  },
  {
    name: 'adds if absent, once',
    async check({ store, peer }) {
      expectSame(await store.compareAndSet('key', undefined, 'first'), true, 'the first');
      expectSame(await peer.compareAndSet('key', undefined, 'second'), false, 'the second');
      expectSame(await store.get('key'), 'first', 'get');
      await store.delete('key');
      expectSame(await peer.compareAndSet('key', undefined, 'third'), true, 'after delete');
    },
  },
  {
    name: 'tells a stored null from absence',
    async check({ store }) {
      await store.set('key', null);
      expectSame(await store.compareAndSet('key', undefined, 'no'), false, 'expecting absence');
      expectSame(await store.compareAndSet('key', null, 'yes'), true, 'expecting null');
      expectSame(await store.get('key'), 'yes', 'get');
    },
  },
  {
    name: 'swaps and removes only what was expected',
    async check({ store, peer }) {
      await store.set('key', 'mine');
      expectSame(await peer.compareAndSet('key', 'theirs', 'no'), false, 'a swap of another value');
      expectSame(await peer.compareAndSet('key', 'theirs', undefined), false, 'a removal of another value');
      expectSame(await store.get('key'), 'mine', 'get after both');
      expectSame(await store.compareAndSet('key', 'mine', 'mine'), true, 'a swap with itself');
      expectSame(await store.compareAndSet('key', 'mine', undefined), true, 'a removal');
      expectSame(await peer.get('key'), undefined, 'get after the removal');
    },
  },
  {
    name: 'answers whether a key is absent without writing',
    async check({ store }) {
      expectSame(await store.compareAndSet('key', undefined, undefined), true, 'while absent');
      expectSame(await store.get('key'), undefined, 'get');
      await store.set('key', 1);
      expectSame(await store.compareAndSet('key', undefined, undefined), false, 'while present');
      expectSame(await store.get('key'), 1, 'get');
    },
  },
  {
    name: 'compares objects whatever the order of their members',
    async check({ store }) {
      await store.set('key', { b: { d: 1, c: 2 }, a: [{ y: 1, x: 2 }] });
      const reordered = { a: [{ x: 2, y: 1 }], b: { c: 2, d: 1 } };
      expectSame(await store.compareAndSet('key', reordered, 'next'), true, 'compareAndSet');
    },
  },
  {
    name: 'does not take unequal values for equal',
    async check({ store }) {
      for (const [held, expected] of unequal) {
        for (const [first, second] of [
          [held, expected],
          [expected, held],
        ] as const) {
          await store.set('key', first);
          const what = `held ${JSON.stringify(first)}, expected ${JSON.stringify(second)}`;
          expectSame(await store.compareAndSet('key', second, 'no'), false, what);
          expectSame(await store.get('key'), first, `get after ${what}`);
        }
      }
    },
  },
  {
    name: 'refuses a time to live that is not above zero, and leaves what was there',
    async check({ store }) {
      await store.set('key', 'old');
      for (const ttlMs of [0, -1, Number.NaN]) {
        await expectRejection(store.set('key', 'new', { ttlMs }), `set with ${ttlMs}`);
        await expectRejection(store.compareAndSet('key', 'old', 'new', { ttlMs }), `compareAndSet with ${ttlMs}`);
      }
      expectSame(await store.get('key'), 'old', 'get');
    },
  },
  {
    name: 'accepts a time to live that is fractional, tiny or longer than anyone lives',
    async check({ store }) {
      for (const ttlMs of [86_400_000.5, 3.2e12, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE]) {
        await store.set('key', ttlMs, { ttlMs });
        expectSame(await store.get('key'), ttlMs, `get after set with ${ttlMs}`);
        expectSame(await store.compareAndSet('key', ttlMs, 'next', { ttlMs }), true, `compareAndSet with ${ttlMs}`);
        expectSame(await store.get('key'), 'next', `get after compareAndSet with ${ttlMs}`);
      }
      await store.set('key', 'short', { ttlMs: 0.001 });
    },
  },
  {
    name: 'keeps a large value whole',
    async check({ store, peer, maxValueBytes }) {
      // two members, of one and of three bytes to the character; what remains is for quotes and names
      const third = Math.floor((maxValueBytes - 64) / 3);
      const large = { ascii: 'x"'.repeat(Math.floor(third / 3)), wide: '鍵🔑'.repeat(Math.floor((2 * third) / 7)) };
      await store.set('key', large);
      expectSame(await peer.get('key'), large, 'get');
      const changed = { ...large, wide: `${large.wide.slice(0, -2)}🔒` };
      expectSame(await peer.compareAndSet('key', changed, 'no'), false, 'compareAndSet of one that differs at its end');
      expectSame(await peer.compareAndSet('key', large, changed), true, 'compareAndSet of the same');
      expectSame(await store.get('key'), changed, 'get after compareAndSet');
    },
  },
];

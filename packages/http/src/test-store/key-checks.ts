import { expectRejection, expectSame } from './expect.ts';
import type { Check, RefusableKeys } from './store-under-test.ts';

/** Keys that a careless store escapes, trims, folds, cuts or takes for a command; grouped by what they resemble. */
const hostileKeys = (): Readonly<Record<string, readonly string[]>> => ({
  'names of prototypes': ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length'],
  'keys that differ in a slash, a percent sign or their escapes': [
    ...['a/b', 'a%2Fb', 'a%2fb', 'a%252Fb', 'a//b', '/a/b', 'a/b/', 'a/../b', './a', '../a', '..', '.'],
    ...['%', '%%', '%s', '%00', '%lease', 'a%lease'],
  ],
  'keys that differ in case or space': ['a', 'A', ' a', 'a ', ' a ', 'a\t', 'a\n', 'a\r\n', '\na', ' ', '  '],
  'quotes and statements': [
    ...["'", "''", '"', '""', '`', '\\', '\\\\', "\\'", "'; DROP TABLE x_store; --", '$1', '$$', '{}', '{a}b'],
    ...['*', '?', 'a*', '[ab]', '^a$', ';', '--', '/*', '*/', '\r\nFLUSHALL\r\n', '*1\r\n$4\r\nPING\r\n'],
  ],
  'keys beyond ASCII': [
    'é',
    'e\u0301',
    'ключ',
    '鍵',
    '🔑',
    '\u00a0',
    '\u200b',
    '\u202e',
    '\ufeff',
    '\ufffd',
    'ß',
    'SS',
  ],
  'keys that look like those of another': ['sha256:a', 'sealed/a', 'keyv:a', ':base64:YQ==', 'null', 'undefined', '0'],
});

function refusableKeys(): Readonly<Record<RefusableKeys, readonly string[]>> {
  const long = 'k'.repeat(10_000);
  return {
    empty: [''],
    nul: ['\u0000', 'a\u0000', 'a\u0000b', '\u0000a', '\u0000\u0000'],
    'lone-surrogate': ['\ud800', '\ud801', '\udc00', 'a\ud800', '\ud800a', '\udc00\ud800'],
    long: [long, `${long}1`, `${long}2`, `1${long}`],
  };
}

/** Every key is kept apart from every other, or refused, where the store says so. */
export const keyChecks = (): readonly Check[] => [
  ...Object.entries(hostileKeys()).map(([what, keys]) => keepsApart(what, keys)),
  ...Object.entries(refusableKeys()).map(([kind, keys]) => keepsApartOrRefuses(kind as RefusableKeys, keys)),
  keepsApart('all of these at once', Object.values(hostileKeys()).flat()),
];

function keepsApart(what: string, keys: readonly string[]): Check {
  return {
    name: `keeps ${what} apart`,
    async check({ store, peer }) {
      for (const key of keys) expectSame(await store.get(key), undefined, `get of ${show(key)} before any set`);
      for (const [index, key] of keys.entries()) await store.set(key, index);
      for (const [index, key] of keys.entries()) expectSame(await peer.get(key), index, `get of ${show(key)}`);
      for (const [index, key] of keys.entries()) {
        expectSame(await store.compareAndSet(key, index, `new ${index}`), true, `compareAndSet of ${show(key)}`);
      }
      for (const [index, key] of keys.entries()) {
        expectSame(await peer.get(key), `new ${index}`, `get of ${show(key)} after compareAndSet`);
        await store.delete(key);
        expectSame(await peer.get(key), undefined, `get of ${show(key)} after delete`);
      }
    },
  };
}

function keepsApartOrRefuses(kind: RefusableKeys, keys: readonly string[]): Check {
  const apart = keepsApart(`keys of the kind ${kind}`, [...keys, 'a', '\ufffd', 'ab']);
  return {
    name: `keeps keys of the kind ${kind} apart, or refuses them as declared`,
    async check(context) {
      if (!context.refusedKeys.includes(kind)) return apart.check(context);
      for (const key of keys) {
        await expectRejection(context.store.set(key, 1), `set of ${show(key)}`);
        await expectRejection(context.store.compareAndSet(key, undefined, 1), `compareAndSet of ${show(key)}`);
      }
    },
  };
}

function show(key: string): string {
  const text = JSON.stringify(key);
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

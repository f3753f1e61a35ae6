import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CredentialError } from '../src/errors.ts';
import { assertKeepable, isStorable } from '../src/issued-value.ts';
import { memoryStore } from '../src/memory-store.ts';

const issued = suite('issued-value');
const options = { provider: 'sample', store: memoryStore(), expiresAtMs: () => undefined };
const cycle: { self?: object } = {};
cycle.self = cycle;

for (const value of ['text', null, { a: [1, { b: true }], left: undefined }, { at: new Date(0) }]) {
  issued(`JSON carries ${JSON.stringify(value)}`, () => {
    assert.is(isStorable<unknown>(options, value), true);
    assertKeepable<unknown>(options, value);
  });
}

for (const [name, value] of [
  ['a bigint', { id: 1n }],
  ['a cycle', cycle],
  ['nothing', undefined],
] as const) {
  issued(`JSON does not carry ${name}, which matters where there is a store`, () => {
    assert.is(isStorable<unknown>(options, value), false);
    assert.throws(
      () => assertKeepable<unknown>(options, value),
      ({ code, message }: CredentialError) => code === 'credential.renewal-failed' && /issue must give/.test(message),
    );
    assert.is(isStorable<unknown>({ ...options, store: undefined }, value), true);
    assertKeepable<unknown>({ ...options, store: undefined }, value);
  });
}

issued('an end that cannot be read is a mistake with and without a store', () => {
  for (const store of [options.store, undefined]) {
    assert.throws(
      () => assertKeepable({ ...options, store, expiresAtMs: () => Number.NaN }, 'text'),
      ({ code, message }: CredentialError) => code === 'credential.renewal-failed' && /expiresAtMs/.test(message),
    );
  }
});

issued.run();

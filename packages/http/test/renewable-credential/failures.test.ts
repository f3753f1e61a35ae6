import { inspect } from 'node:util';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError, RequestError, ResponseError } from '../../src/errors.ts';
import { memoryStore } from '../../src/memory-store.ts';
import { bench, response, sentAs, stored, storeForOthers, told } from './bench.ts';

const failing = suite('renewable-credential · failures');

const revoked = new CredentialError({ provider: 'sample', code: 'credential.revoked', message: 'revoked' });

const causes: readonly [name: string, thrown: unknown, code: string][] = [
  ['a refusal', response(401), 'credential.refused'],
  ['a bad request', response(400), 'credential.refused'],
  ['a request timeout', response(408), 'credential.renewal-failed'],
  ['a rate limit', response(429), 'credential.renewal-failed'],
  ['a server error', response(503), 'credential.renewal-failed'],
  [
    'a network failure',
    new RequestError({ provider: 'sample', code: 'http.network', message: 'no' }),
    'credential.renewal-failed',
  ],
  ['a mistake in the code', new RangeError('hush'), 'credential.renewal-failed'],
  ['text', 'hush', 'credential.renewal-failed'],
  ['a verdict of its own', revoked, 'credential.revoked'],
];
for (const [name, thrown, code] of causes) {
  failing(`${name} is ${code}`, async () => {
    const { credential, events } = bench({
      issue: async () => {
        throw thrown;
      },
    });
    const error = await rejects(credential.get(), CredentialError, code);
    assert.equal(events, [{ type: 'credential-failed', provider: 'sample', key: 'sample/1', code }]);
    assert.not.match(inspect(error, { depth: null, showHidden: true }), 'hush');
    if (thrown instanceof ResponseError) assert.is(error.cause, thrown);
  });
}

failing('an error of another installed copy of this package counts the same', async () => {
  const foreign = Object.assign(new Error('no'), { name: 'ResponseError', code: 'sample.code', status: 401 });
  Object.defineProperty(foreign, Symbol.for('@x/http.XError'), { value: true });
  const { credential } = bench({
    issue: async () => {
      throw foreign;
    },
  });
  await rejects(credential.get(), CredentialError, 'credential.refused');
});

for (const wrong of [Number.NaN, Number.NEGATIVE_INFINITY, null as never]) {
  failing(`an expiry of ${wrong} is a mistake, wherever the value comes from`, async () => {
    const store = memoryStore();
    const value = { token: 'mine', expiresAtMs: wrong };
    const { credential, types } = bench({ store, issue: async () => value, observe: () => value });
    const error = await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
    assert.match(String((error.cause as Error).name), 'TypeError');
    assert.equal(types(), ['failed']);
    assert.is(await stored(store), undefined);

    await rejects(credential.replace(value), TypeError, /expiresAtMs/);
    assert.is(credential.peek(), undefined);

    const good = { token: 'mine', expiresAtMs: 1e15 };
    await credential.replace(good);
    assert.throws(() => credential.observe?.(told(1), sentAs(good)), /expiresAtMs/);
    assert.is(credential.peek(), good);

    await credential.clear();
    await storeForOthers(store, { token: 'theirs', expiresAtMs: null });
    await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  });
}

for (const renewal of ['repeatable', 'rotating'] as const) {
  failing(`a ${renewal} value that JSON cannot carry is a mistake that is told, and keeps nobody waiting`, async () => {
    const store = memoryStore();
    const value = { token: 'mine', expiresAtMs: 1e15, id: 1n };
    const overrides = { renewal, store, issue: async () => value, sleep: () => assert.unreachable() as never };
    const [one, two] = [bench(overrides), bench(overrides)];
    const { message } = await rejects(one.credential.get(), CredentialError, 'credential.renewal-failed');
    assert.match(message, 'issue must give a value that JSON can carry');
    assert.is(one.credential.peek(), renewal === 'rotating' ? value : undefined);
    const code = renewal === 'rotating' ? 'credential.expired' : 'credential.renewal-failed';
    await rejects(two.credential.get(), CredentialError, code);
    assert.equal([...one.types(), ...two.types()].includes('store-failed'), false);
    assert.is(await bench({ ...overrides, store: undefined }).credential.get(), value);
  });
}

failing('an expiry of Infinity is none', async () => {
  const store = memoryStore();
  const { credential, clock, issued } = bench({ store, expiresAtMs: () => Number.POSITIVE_INFINITY });
  await credential.get();
  clock.advance(1e12);
  assert.is((await credential.get()).token, 't1');
  assert.is(issued.length, 1);
});

failing('an error of the platform’s is told as a failure to renew', async () => {
  const store = memoryStore();
  await store.set('sample/1%lease', 'of another process');
  const { credential } = bench({ store, sleep: () => Promise.reject(new Error('hush: not here')) });
  const error = await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.not.match(inspect(error, { depth: null }), 'hush');
});

failing.run();

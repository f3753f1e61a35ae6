import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError, RequestError } from '../../src/errors.ts';
import type { RenewableCredentialOptions } from '../../src/renewable-credential-options.ts';
import { settled } from '../gated-store.ts';
import { type Bench, bench, type Gate, gate, type Session } from './bench.ts';

const issuing = suite('renewable-credential · issuing');

issuing('issues when first asked, and not before', async () => {
  const { credential, issued, types } = bench();
  assert.is(credential.peek(), undefined);
  assert.equal(issued, []);
  assert.is((await credential.get()).token, 't1');
  assert.is(credential.peek()?.token, 't1');
  assert.equal(await credential.headers({}), { 'x-token': 't1' });
  assert.equal(issued, [undefined]);
  assert.equal(types(), ['issued', 'reused']);
});

issuing('tells when what is being issued has come or failed, and issues nothing for that', async () => {
  const { credential, issued } = bench();
  await credential.settled();
  assert.equal(issued, []);
  const coming = credential.get();
  await credential.settled();
  assert.is(credential.peek()?.token, 't1');
  await coming;
  const failing = bench({ issue: async () => Promise.reject(new Error('no')) }).credential;
  const refused = rejects(failing.get(), CredentialError, 'credential.renewal-failed');
  await failing.settled();
  await refused;
});

issuing('a hundred callers wait for one', async () => {
  const { credential, issued } = bench();
  const values = await Promise.all(Array.from({ length: 100 }, () => credential.get()));
  assert.is(issued.length, 1);
  assert.is(new Set(values).size, 1);
});

issuing('a hundred callers hear of one failure, and the next one tries again', async () => {
  let attempts = 0;
  const { credential, types } = bench({
    issue: async () => {
      attempts += 1;
      throw new TypeError('fetch failed');
    },
  });
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => credential.get()));
  assert.is(attempts, 1);
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.is(attempts, 2);
  assert.equal(types(), ['failed', 'failed']);
});

issuing('a value without expiry is issued once', async () => {
  const { credential, clock, issued } = bench({
    issue: async () => {
      issued.push(undefined);
      return { token: 'for ever' };
    },
  });
  await credential.get();
  clock.advance(10 * 365 * 86_400_000);
  await credential.get();
  assert.is(issued.length, 1);
});

issuing('an expired value is never given out, and told to its successor’s issue', async () => {
  const { credential, clock, issued, types } = bench();
  await credential.get();
  clock.advance(3_600_000);
  assert.is((await credential.get()).token, 't2');
  assert.is(issued[1]?.token, 't1');
  assert.equal(types(), ['issued', 'renewed']);
});

issuing('one that does not answer is given up, also when it ignores its signal', async () => {
  let seen: AbortSignal | undefined;
  const { credential } = bench({
    issueTimeoutMs: 20,
    issue: ({ signal }) => {
      seen = signal;
      return new Promise(() => {});
    },
  });
  const error = await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  assert.is((error.cause as RequestError).code, 'http.timeout');
  assert.ok(seen?.aborted);
});

/** One whose first value comes when the test says so. */
function late(): Pick<Bench, 'credential' | 'issued'> & { readonly hold: Gate } {
  const hold = gate();
  const { credential, issued } = bench({
    issue: async () => {
      issued.push(undefined);
      await hold.passed;
      return { token: 'late' };
    },
  });
  return { credential, issued, hold };
}

issuing('a caller who aborts stops waiting; the others get the value', async () => {
  const { credential, issued, hold } = late();
  const controller = new AbortController();
  const leaving = credential.get({ signal: controller.signal });
  const staying = credential.get({ signal: new AbortController().signal });
  const plain = credential.get();
  controller.abort(new Error('any reason'));
  await rejects(leaving, RequestError, 'http.aborted');
  hold.open();
  assert.equal([(await staying).token, (await plain).token], ['late', 'late']);
  assert.is(issued.length, 1);
});

issuing('a caller who got the value leaves nothing on its signal', async () => {
  const { signal } = new AbortController();
  await bench().credential.get({ signal });
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

issuing('a caller who has aborted already starts nothing', async () => {
  const { credential, issued } = bench();
  await rejects(credential.get({ signal: AbortSignal.abort() }), RequestError, 'http.aborted');
  await settled();
  assert.equal(issued, []);
});

issuing('when all callers abort, the value is there for the next one', async () => {
  const { credential, issued, hold } = late();
  const controller = new AbortController();
  const leaving = credential.get({ signal: controller.signal });
  controller.abort();
  await rejects(leaving, RequestError, 'http.aborted');
  hold.open();
  await settled();
  assert.is((await credential.get()).token, 'late');
  assert.is(issued.length, 1);
});

const ranges: readonly [name: string, overrides: Partial<RenewableCredentialOptions<Session>>][] = [
  ['marginMs', { marginMs: -1 }],
  ['marginMs', { marginMs: Number.NaN }],
  ['issueTimeoutMs', { issueTimeoutMs: 0 }],
  ['issueTimeoutMs', { issueTimeoutMs: 600_001 }],
  ['storeTimeoutMs', { storeTimeoutMs: 0 }],
  ['storeTimeoutMs', { storeTimeoutMs: 60_001 }],
];
for (const [name, overrides] of ranges) {
  issuing(`refuses ${inspect(overrides)} at construction`, () => {
    assert.throws(
      () => bench(overrides),
      (error: unknown) => error instanceof RangeError && error.message.startsWith(name),
    );
  });
}

const wrong: readonly [name: string, values: readonly unknown[]][] = [
  ...['provider', 'key', 'issue', 'toHeaders', 'expiresAtMs'].map(
    (name) => [name, [undefined, 7]] as [string, unknown[]],
  ),
  ...['isRejected', 'observe', 'isValue', 'onEvent', 'clock', 'random', 'sleep', 'waitUntil'].map(
    (name) => [name, ['hush', null]] as [string, unknown[]],
  ),
  ['store', ['hush', null, {}]],
];
for (const [name, values] of wrong) {
  for (const value of values) {
    issuing(`refuses ${String(value)} for ${name} at construction, without quoting it`, () => {
      assert.throws(
        () => bench({ [name]: value }),
        (error: unknown) =>
          error instanceof TypeError && error.message.startsWith(`${name} must be`) && !/hush/.test(error.message),
      );
    });
  }
}

issuing('refuses what is no option at construction, without quoting it', () => {
  assert.throws(
    () => bench({ marginMS: 'hush' } as never),
    (error: unknown) =>
      error instanceof TypeError &&
      error.message.startsWith('marginMS is no option, expected one of provider, ') &&
      !/hush/.test(error.message),
  );
});

issuing.run();

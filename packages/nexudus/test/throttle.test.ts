import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createThrottle, documentedLimits } from '../src/emulator/throttle.ts';

const throttle = suite('nexudus · throttle');

throttle('lets everything in without limits', () => {
  const none = createThrottle([]);
  for (let count = 0; count < 100; count += 1) {
    assert.equal(none.admit('one', true, 0), { retryAfterSeconds: undefined, isEarly: false });
  }
});

throttle('lets one request in per 100 ms, each client on its own', () => {
  const documented = createThrottle(documentedLimits);
  assert.is(documented.admit('one', false, 0).retryAfterSeconds, undefined);
  assert.is(documented.admit('two', false, 0).retryAfterSeconds, undefined);
  assert.is(documented.admit('one', false, 99).retryAfterSeconds, 1);
  assert.is(documented.admit('one', false, 100).retryAfterSeconds, undefined);
});

throttle('knows who comes back before the wait is over', () => {
  const documented = createThrottle(documentedLimits);
  documented.admit('one', false, 0);
  assert.is(documented.admit('one', false, 50).isEarly, false);
  assert.is(documented.admit('one', false, 1_049).isEarly, true);
  assert.is(documented.admit('one', false, 1_050).isEarly, false);
});

throttle('lets 120 requests in per minute, 60 of them writes', () => {
  const documented = createThrottle(documentedLimits);
  const admitted = { reads: 0, writes: 0 };
  for (let atMs = 0; atMs < 60_000; atMs += 200) {
    const isWrite = atMs % 400 === 0;
    if (documented.admit('one', isWrite, atMs).retryAfterSeconds !== undefined) continue;
    admitted[isWrite ? 'writes' : 'reads'] += 1;
  }
  assert.equal(admitted, { reads: 60, writes: 60 });
  const writesOnly = createThrottle([{ windowMs: 60_000, requests: 1, writesOnly: true }]);
  assert.is(writesOnly.admit('one', true, 0).retryAfterSeconds, undefined);
  assert.is(writesOnly.admit('one', false, 1).retryAfterSeconds, undefined);
  assert.is(writesOnly.admit('one', true, 30_000).retryAfterSeconds, 30);
});

throttle('refuses on demand', () => {
  const none = createThrottle([]);
  none.refuseNext(2, 5);
  assert.equal(
    [1, 2, 3].map(() => none.admit('one', false, 0).retryAfterSeconds),
    [5, 5, undefined],
  );
});

throttle.run();

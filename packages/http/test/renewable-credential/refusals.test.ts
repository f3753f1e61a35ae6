import { manualClock, rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../../src/client.ts';
import { CredentialError } from '../../src/errors.ts';
import { memoryStore } from '../../src/memory-store.ts';
import { settled } from '../gated-store.ts';
import { bench, gated, renewing, response, sentAs, stored, storeForOthers } from './bench.ts';

const refusals = suite('renewable-credential · refusals');

refusals('a refused value is given up and told to the next issue', async () => {
  const { credential, issued, types } = bench();
  const first = await credential.get();
  assert.is(await credential.discard?.(sentAs(first)), true);
  assert.is(credential.peek(), undefined);
  assert.is((await credential.get()).token, 't2');
  assert.is(issued[1]?.token, 't1');
  assert.equal(types(), ['issued', 'renewed']);
});

refusals('a late refusal of an older value leaves its successor alone', async () => {
  const { credential, issued } = bench();
  const first = await credential.get();
  await credential.discard?.(sentAs(first));
  await credential.get();
  assert.is(await credential.discard?.(sentAs(first)), true);
  assert.is(credential.peek()?.token, 't2');
  assert.is(issued.length, 2);
});

refusals('a hundred refusals at once lead to one renewal', async () => {
  const { credential, issued } = bench();
  const first = await credential.get();
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      await credential.discard?.(sentAs(first));
      return credential.headers({});
    }),
  );
  assert.is(issued.length, 2);
});

refusals('a refused value is not taken from the store again', async () => {
  const store = memoryStore();
  const { credential, issued } = bench({ store });
  const first = await credential.get();
  // another process keeps it alive there
  await storeForOthers(store, { ...first, expiresAtMs: (first.expiresAtMs ?? 0) + 1000 });
  await credential.discard?.(sentAs(first));
  assert.is((await credential.get()).token, 't2');
  assert.is(issued.length, 2);
  assert.is((await stored(store))?.token, 't2', 'and it is displaced there');
});

refusals('a refusal during a renewal is followed by that renewal’s value', async () => {
  const { credential, clock, gates } = gated();
  const first = credential.get();
  await settled();
  gates[0]?.open();
  await first;
  clock.advance(3_600_000 - 60_000);
  const old = await credential.get();
  await settled();
  await credential.discard?.(sentAs(old));
  const next = credential.get();
  gates[1]?.open();
  assert.is((await next).token, 't2');
  assert.is(gates.length, 2);
});

refusals('a value that is refused while it is renewed has its successor, and others get that', async () => {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const { credential, gates, first } = await renewing({ store, clock });
  await credential.discard?.(sentAs(first));
  gates[1]?.open();
  assert.is((await credential.get()).token, 't2');
  const other = bench({ store, clock });
  assert.is((await other.credential.get()).token, 't2');
  assert.equal(other.issued, []);
});

refusals('the same value put in place again on purpose counts', async () => {
  const store = memoryStore();
  const { credential } = bench({ store });
  const first = await credential.get();
  await credential.discard?.(sentAs(first));
  await credential.replace(first);
  assert.is((await credential.get()).token, 't1');
  const { credential: other, issued } = bench({ store });
  assert.is((await other.get()).token, 't1');
  assert.equal(issued, []);
});

refusals('and is taken over from the store again when another process has prolonged it', async () => {
  const store = memoryStore();
  const { credential, clock, issued } = bench({ store });
  const first = await credential.get();
  await credential.discard?.(sentAs(first));
  await credential.replace(first);
  clock.advance(3_600_000);
  await storeForOthers(store, { token: 't1', expiresAtMs: clock() + 1000 });
  assert.is((await credential.get()).token, 't1');
  assert.is(issued.length, 1);
});

refusals('what was refused and then forgotten is told to nobody', async () => {
  const { credential, issued } = bench();
  await credential.discard?.(sentAs(await credential.get()));
  await credential.clear();
  await credential.get();
  assert.equal(issued, [undefined, undefined]);
});

refusals('a value that is refused while it is taken over from the store is not taken over', async () => {
  const clock = manualClock();
  const store = memoryStore();
  let refuse = (): void => {};
  const { credential, issued } = bench({
    store,
    clock,
    expiresAtMs(value) {
      if (value.expiresAtMs === 1e15) {
        queueMicrotask(refuse);
        refuse = () => {};
      }
      return value.expiresAtMs;
    },
  });
  const first = await credential.get();
  await storeForOthers(store, { token: 't1', expiresAtMs: 1e15 });
  clock.advance(3_600_000 - 60_000);
  refuse = () => void credential.discard?.(sentAs(first));
  await credential.get();
  await settled();
  assert.not(credential.peek()?.token === 't1');
  assert.is((await credential.get()).token, 't2');
  assert.is(issued.length, 2);
});

refusals('a credential that does not say when it is refused has no such verdict', () => {
  const { credential } = bench({ isRejected: undefined });
  assert.not('isRejected' in credential);
});

refusals('a POST is replayed once with the renewed value', async () => {
  const { credential, issued } = bench();
  const fetch = scriptedFetch([
    new Response(null, { status: 401 }),
    async (request) => new Response(await request.text()),
  ]);
  const client = createClient({ provider: 'sample', baseUrl: 'https://api.example.com', credential, fetch });
  assert.is(await client.post('orders', { body: 'an order' }).text(), 'an order');
  assert.equal(
    fetch.requests.map(({ headers }) => headers.get('x-token')),
    ['t1', 't2'],
  );
  assert.is(issued.length, 2);
});

refusals('when renewing fails, that is what the caller hears of', async () => {
  for (const [status, code] of [
    [401, 'credential.refused'],
    [503, 'credential.renewal-failed'],
  ] as const) {
    const { credential, issued } = bench({
      issue: async () => {
        issued.push(undefined);
        if (issued.length === 1) return { token: 't1' };
        throw response(status);
      },
    });
    const fetch = scriptedFetch([new Response(null, { status: 401 })]);
    const client = createClient({ provider: 'sample', baseUrl: 'https://api.example.com', credential, fetch });
    await rejects(client.get('a').json(), CredentialError, code);
  }
});

refusals.run();

import { manualClock, property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../../src/client.ts';
import { ResponseError } from '../../src/errors.ts';
import { memoryStore } from '../../src/memory-store.ts';
import { renewableCredential } from '../../src/renewable-credential.ts';
import { settled } from '../gated-store.ts';
import { bench } from './bench.ts';

const properties = suite('renewable-credential · properties');

/** What can happen to a credential, in any order. */
const steps = fc.array(
  fc.oneof(
    fc.constantFrom('get', 'discard', 'clear', 'replace', 'slide', 'settle').map((kind) => ({ kind, ms: 0 })),
    fc.integer({ min: 0, max: 4_000_000 }).map((ms) => ({ kind: 'advance', ms })),
  ),
  { maxLength: 40 },
);

properties('never two issues at a time, never an expired or forgotten value', async () => {
  await property(
    fc.asyncProperty(steps, fc.boolean(), async (list, withStore) => {
      const clock = manualClock();
      let running = 0;
      let most = 0;
      let version = 0;
      let era = 0;
      const credential = renewableCredential<{ token: string; expiresAtMs: number }>({
        provider: 'sample',
        key: 'sample/1',
        issue: async () => {
          running += 1;
          most = Math.max(most, running);
          version += 1;
          const token = `${era}.${version}`;
          await Promise.resolve();
          running -= 1;
          return { token, expiresAtMs: clock() + 3_600_000 };
        },
        toHeaders: ({ token }) => ({ 'x-token': token }),
        expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
        observe: (value) => ({ ...value, expiresAtMs: clock() + 3_600_000 }),
        clock,
        ...(withStore ? { store: memoryStore({ clock }) } : {}),
      });
      for (const { kind, ms } of list) {
        const held = credential.peek();
        if (kind === 'advance') clock.advance(ms);
        if (kind === 'settle') await settled();
        if (kind === 'discard' && held !== undefined) await credential.discard?.({ 'x-token': held.token });
        if (kind === 'slide' && held !== undefined)
          credential.observe?.({ status: 200, headers: new Headers() }, { 'x-token': held.token });
        if (kind === 'clear' || kind === 'replace') {
          await settled(); // what was asked for before the end of an era may still belong to it
          era += 1;
          if (kind === 'clear') await credential.clear();
          else await credential.replace({ token: `${era}.0`, expiresAtMs: clock() + 3_600_000 });
        }
        if (kind === 'get') {
          const value = await credential.get();
          assert.ok(value.expiresAtMs > clock(), 'given out although expired');
          assert.is(value.token.split('.')[0], String(era), 'given out although forgotten');
        }
      }
      assert.ok(most <= 1, `${most} at a time`);
    }),
  );
});

properties('a request costs one renewal and one replay at most, whatever the server answers', async () => {
  const statuses = fc.array(fc.constantFrom(200, 401, 403, 429, 503), { minLength: 1, maxLength: 12 });
  await property(
    fc.asyncProperty(statuses, fc.constantFrom('get', 'post'), async (list, method) => {
      const { credential, issued } = bench();
      const sent: (string | null)[] = [];
      const client = createClient({
        provider: 'sample',
        baseUrl: 'https://api.example.com',
        credential,
        retry: { baseDelayMs: 0, maxDelayMs: 0 },
        fetch: async (input) => {
          sent.push((input as Request).headers.get('x-token'));
          return new Response('{}', { status: list[sent.length - 1] ?? 200 });
        },
      });
      const outcome = await client(`a`, { method }).then(
        () => 'answered',
        (error: unknown) => error,
      );
      assert.ok(outcome === 'answered' || outcome instanceof ResponseError);
      assert.ok(issued.length <= 2, `${issued.length} issues`);
      assert.ok(sent.length <= (method === 'get' ? 4 : 2), `${sent.length} requests`);
    }),
  );
});

properties.run();

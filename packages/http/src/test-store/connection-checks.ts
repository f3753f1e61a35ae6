import type { Store } from '../store-contract.ts';
import { batteryFailure, expectRejection, expectSame, isBatteryFailure } from './expect.ts';
import type { Check } from './store-under-test.ts';

const marker = 'marked-secret-value';

/** What a store promises when its server is out of reach. */
export const connectionChecks: readonly Check[] = [
  {
    name: 'rejects while its server is out of reach, without telling the value, and works again afterwards',
    needs: 'connection',
    async check({ store, disconnect, reconnect }) {
      await store.set('key', 'before');
      await disconnect();
      for (const [what, call] of Object.entries(calls(store))) {
        const error = await expectRejection(call(), `${what} while disconnected`);
        if (tells(error, marker)) throw batteryFailure(`the error of ${what} tells the value`);
      }
      await reconnect();
      await store.set('key', 'after');
      expectSame(await store.get('key'), 'after', 'get after reconnect');
      expectSame(await store.compareAndSet('key', 'after', undefined), true, 'compareAndSet after reconnect');
    },
  },
  {
    name: 'settles what was under way when the connection went',
    needs: 'connection',
    async check({ store, disconnect, reconnect }) {
      await store.set('key', 'before');
      const underWay = Object.values(calls(store)).flatMap((call) => [call(), call(), call()]);
      const settled = Promise.allSettled(underWay);
      await disconnect();
      for (const result of await settled) {
        if (result.status === 'fulfilled') continue;
        if (isBatteryFailure(result.reason)) throw result.reason;
        if (tells(result.reason, marker)) throw batteryFailure('an error tells the value');
      }
      await reconnect();
      await store.set('key', 'after');
      expectSame(await store.get('key'), 'after', 'get after reconnect');
    },
  },
  {
    name: 'tells the truth of swaps during which the connection goes',
    needs: 'connection',
    async check({ store, disconnect, reconnect }) {
      const keys = Array.from({ length: 10 }, (_, index) => `swapped ${index}`);
      const settled = Promise.allSettled(keys.map((key) => store.compareAndSet(key, undefined, key)));
      await disconnect();
      const results = await settled;
      await reconnect();
      for (const [index, key] of keys.entries()) {
        const result = results[index];
        // one that was rejected may have been done or not
        if (result?.status !== 'fulfilled') continue;
        expectSame(await store.get(key), result.value ? key : undefined, `get after a swap that gave ${result.value}`);
      }
    },
  },
];

function calls(store: Store): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    get: () => store.get('key'),
    set: () => store.set('key', marker),
    delete: () => store.delete('key'),
    compareAndSet: () => store.compareAndSet('key', 'before', { marker }),
    'compareAndSet of absence': () => store.compareAndSet('other', undefined, [marker], { ttlMs: 60_000 }),
  };
}

/** Whether a text stands anywhere in an error: its message, its stack, its causes, whatever its class has put there. */
function tells(thrown: unknown, text: string, depth = 0): boolean {
  if (typeof thrown === 'string') return thrown.includes(text);
  if (thrown instanceof Uint8Array) return new TextDecoder().decode(thrown).includes(text);
  if (typeof thrown !== 'object' || thrown === null || depth > 6) return false;
  return Reflect.ownKeys(thrown).some((name) => {
    const member: unknown = Reflect.get(thrown, name);
    return String(name).includes(text) || tells(member, text, depth + 1);
  });
}

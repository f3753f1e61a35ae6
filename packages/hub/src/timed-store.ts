import { withDeadline } from '@x/http/server';
import type { Store } from '@x/http/store';

/**
 * Puts an end to each operation of a store, so that one that hangs does not hang what waits for it.
 *
 * @returns A store that also rejects, with code `TIMEOUT`, when an operation takes longer than `timeoutMs`. What it
 *   was to do may still happen.
 */
export function timedStore(store: Store, timeoutMs: number): Store {
  async function within<Value>(operation: keyof Store, run: () => Promise<Value>): Promise<Value> {
    const done = await withDeadline(timeoutMs, undefined, run);
    if (done.ok) return done.value;
    throw Object.assign(new Error(`store ${operation} took longer than ${timeoutMs} ms`), { code: 'TIMEOUT' });
  }

  return {
    get: (...call) => within('get', async () => store.get(...call)),
    set: (...call) => within('set', async () => store.set(...call)),
    delete: (...call) => within('delete', async () => store.delete(...call)),
    compareAndSet: (...call) => within('compareAndSet', async () => store.compareAndSet(...call)),
  };
}

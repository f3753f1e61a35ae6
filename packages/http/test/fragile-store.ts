import type { Store } from '../src/store-contract.ts';

/** A store that can be switched off. */
export function fragileStore(inner: Store): Store & { broken: boolean } {
  const guard =
    <Parameters extends unknown[], Result>(call: (...parameters: Parameters) => Promise<Result>) =>
    async (...parameters: Parameters): Promise<Result> => {
      if (made.broken) throw new Error('connection lost');
      return call(...parameters);
    };
  const made = {
    broken: false,
    get: guard(inner.get),
    set: guard(inner.set),
    delete: guard(inner.delete),
    compareAndSet: guard(inner.compareAndSet),
  };
  return made;
}

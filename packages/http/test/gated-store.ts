import type { Store } from '../src/store-contract.ts';

/** A call of a store that waits to be carried out. */
export interface HeldCall {
  readonly process: number;
  readonly operation: keyof Store;
  readonly key: string;
  /** Carries it out, and lets its caller go on. */
  run(): Promise<void>;
  /** Fails for its caller, carried out or not. */
  fail(isDone: boolean): Promise<void>;
}

/** A store whose calls happen when the test says so, in the order the test says. */
export interface GatedStore {
  /** The store as one process has it. */
  of(process: number): Store;
  /** Calls that wait, in the order they came. */
  readonly held: HeldCall[];
}

/** Puts a gate before every call of a store. */
export function gatedStore(inner: Store): GatedStore {
  const held: HeldCall[] = [];
  function hold<Result>(process: number, operation: keyof Store, key: string, work: () => Promise<Result>) {
    return new Promise<Result>((resolve, reject) => {
      const call: HeldCall = {
        process,
        operation,
        key,
        run() {
          if (held.includes(call)) held.splice(held.indexOf(call), 1);
          return work().then(resolve, reject);
        },
        async fail(isDone) {
          if (held.includes(call)) held.splice(held.indexOf(call), 1);
          if (isDone) await work();
          reject(new Error('the connection went'));
        },
      };
      held.push(call);
    });
  }
  return {
    held,
    of: (process) => ({
      get: (key) => hold(process, 'get', key, () => inner.get(key)),
      set: (key, ...rest) => hold(process, 'set', key, () => inner.set(key, ...rest)),
      delete: (key) => hold(process, 'delete', key, () => inner.delete(key)),
      compareAndSet: (key, ...rest) => hold(process, 'compareAndSet', key, () => inner.compareAndSet(key, ...rest)),
    }),
  };
}

/** Lets everything run that waits for nothing but other promises. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Carries out the held calls of a process up to, and not including, the given one of its calls. */
export async function runUntil(store: GatedStore, process: number, stop: number): Promise<void> {
  for (let done = 0; done < stop; done += 1) {
    const call = store.held.find((held) => held.process === process);
    if (call === undefined) throw new Error(`process ${process} made ${done} calls only`);
    await call.run();
    await settled();
  }
}

/** Carries out all calls of a process, and those that follow from them. */
export async function runAll(store: GatedStore, process: number): Promise<void> {
  for (let call = next(); call !== undefined; call = next()) {
    await call.run();
    await settled();
  }
  function next() {
    return store.held.find((held) => held.process === process);
  }
}

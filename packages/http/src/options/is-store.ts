import type { Store } from '../store-contract.ts';

const methods = ['get', 'set', 'delete', 'compareAndSet'] as const;

/** Tells whether a value has the methods of a store; what they do shows only in use. */
export function isStore(value: unknown): value is Store {
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((name) => typeof (value as Partial<Store>)[name] === 'function')
  );
}

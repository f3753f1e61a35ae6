import type { JsonValue } from '@x/crypto/light';
import type { Store } from '../store-contract.ts';
import type { Chance } from './chance.ts';
import { textOf } from './expect.ts';

/** One call of a store, on whichever key. */
export type Operation =
  | { readonly type: 'get' }
  | { readonly type: 'set'; readonly value: JsonValue }
  | { readonly type: 'delete' }
  | { readonly type: 'compareAndSet'; readonly expected: JsonValue | undefined; readonly next: JsonValue | undefined };

/** Values that are easily taken for one another, and one that is the same in two orders. */
const values: readonly [JsonValue, ...JsonValue[]] = [
  0,
  ...['', '0', 'null', '{}', 'text'],
  ...[null, false, true, 1],
  ...[[], {}, [0], { a: 1, b: [2] }, { b: [2], a: 1 }],
];

/** Draws an operation; `current` makes a swap that succeeds likely. */
export function drawOperation(chance: Chance, current: JsonValue | undefined): Operation {
  switch (chance.below(8)) {
    case 0:
    case 1:
      return { type: 'get' };
    case 2:
      return { type: 'set', value: chance.pick(values) };
    case 3:
      return { type: 'delete' };
    default:
      return {
        type: 'compareAndSet',
        expected: chance.pick([current, current, undefined, chance.pick(values)]),
        next: chance.pick([undefined, chance.pick(values), chance.pick(values)]),
      };
  }
}

/** Calls a store and writes down what it answered. */
export async function perform(store: Store, key: string, operation: Operation, ttlMs?: number): Promise<string> {
  switch (operation.type) {
    case 'get':
      return textOf(await store.get(key));
    case 'set':
      await store.set(key, operation.value, { ttlMs });
      return 'done';
    case 'delete':
      await store.delete(key);
      return 'done';
    case 'compareAndSet':
      return String(await store.compareAndSet(key, operation.expected, operation.next, { ttlMs }));
  }
}

/** What a store must answer, and what it must hold afterwards, when it holds `held`. */
export function predict(
  held: JsonValue | undefined,
  operation: Operation,
): { readonly answer: string; readonly held: JsonValue | undefined; readonly written: boolean } {
  switch (operation.type) {
    case 'get':
      return { answer: textOf(held), held, written: false };
    case 'set':
      return { answer: 'done', held: operation.value, written: true };
    case 'delete':
      return { answer: 'done', held: undefined, written: true };
    case 'compareAndSet': {
      const swaps = textOf(held) === textOf(operation.expected);
      return { answer: String(swaps), held: swaps ? operation.next : held, written: swaps };
    }
  }
}

/** For messages. */
export function describeOperation(operation: Operation): string {
  switch (operation.type) {
    case 'get':
    case 'delete':
      return operation.type;
    case 'set':
      return `set(${textOf(operation.value)})`;
    case 'compareAndSet':
      return `compareAndSet(${textOf(operation.expected)}, ${textOf(operation.next)})`;
  }
}

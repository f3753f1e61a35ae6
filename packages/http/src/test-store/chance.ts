/** Repeatable choices: the same seed makes the same ones. */
export interface Chance {
  /** A whole number from 0 up to and not including the limit. */
  below(limit: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

/** Makes choices from a seed (mulberry32); not for secrets. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  function below(limit: number): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
  return { below, pick: (items) => items[below(items.length)] ?? items[0] };
}

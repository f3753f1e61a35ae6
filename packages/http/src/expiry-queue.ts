/** What ends at some time. */
export interface Ending {
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Keeps what ends, the soonest within reach: a binary heap, in which adding and taking cost the logarithm of its size. */
export interface ExpiryQueue<Entry extends Ending> {
  readonly size: number;
  add(entry: Entry): void;
  /** Takes out one that has ended. */
  takeEnded(nowMs: number): Entry | undefined;
}

/** Makes a queue of what is given. */
export function createExpiryQueue<Entry extends Ending>(given: Iterable<Entry> = []): ExpiryQueue<Entry> {
  const heap = [...given].sort((a, b) => a.expiresAtMs - b.expiresAtMs);
  const endOf = (index: number): number => heap[index]?.expiresAtMs ?? Number.POSITIVE_INFINITY;

  function swap(a: number, b: number): void {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  }

  return {
    get size() {
      return heap.length;
    },
    add(entry) {
      let index = heap.push(entry) - 1;
      for (let above = (index - 1) >> 1; index > 0 && endOf(above) > endOf(index); above = (index - 1) >> 1) {
        swap(above, index);
        index = above;
      }
    },
    takeEnded(nowMs) {
      if (endOf(0) > nowMs) return undefined;
      swap(0, heap.length - 1);
      const taken = heap.pop();
      for (let index = 0, sooner = 0; ; index = sooner) {
        const left = 2 * index + 1;
        sooner = endOf(left + 1) < endOf(left) ? left + 1 : left;
        if (!(endOf(sooner) < endOf(index))) return taken;
        swap(index, sooner);
      }
    },
  };
}

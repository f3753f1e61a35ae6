/** What was taken, and when. */
export type Step = readonly [atMs: number, cost: number];

/** The most that any stretch of time holds: it is enough to look at those that end with a request. */
export function most(taken: readonly Step[], counts: (earlierMs: number, atMs: number) => boolean): number {
  const held = taken.map(([atMs]) =>
    taken.reduce((sum, [earlierMs, cost]) => (earlierMs <= atMs && counts(earlierMs, atMs) ? sum + cost : sum), 0),
  );
  return Math.max(0, ...held);
}

/**
 * Asks the platform to keep a piece of work going beyond the request that began it.
 *
 * @param work May fail: whoever waits for it is told that, the platform is not.
 * @param waitUntil The platform's way to say so, such as `waitUntil` of `cloudflare:workers`; without one nothing is asked.
 *   What it throws or rejects with, as it may outside of a request, changes nothing: the work goes on as it would have.
 */
export function keepGoing(work: Promise<unknown>, waitUntil: ((settled: Promise<void>) => unknown) | undefined): void {
  const settled = work.then(
    () => {},
    () => {}, // told to those who wait for it
  );
  try {
    Promise.resolve(waitUntil?.(settled)).catch(() => {}); // as above
  } catch {
    // the platform does not keep it: no more is lost than without a way to ask
  }
}

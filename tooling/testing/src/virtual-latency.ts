import * as assert from 'uvu/assert';
import { type ManualClock, manualClock } from './manual-clock.ts';

/** What is asked of a provider's emulator. */
interface DelayedEmulator {
  readonly faults: { add(fault: { readonly kind: 'latency'; readonly ms: number }): void };
  fetch(url: string): Promise<Response>;
}

/**
 * Asserts that an emulator spends latency by the `sleep` it was made with: an hour passes by its clock alone.
 *
 * @param url Of a request that it answers itself.
 */
export async function spendsLatencyBySleep(
  make: (options: { readonly clock: ManualClock; sleep(ms: number): Promise<void> }) => DelayedEmulator,
  url = 'https://provider.example/nowhere',
): Promise<void> {
  const clock = manualClock();
  const startMs = clock();
  const emulator = make({ clock, sleep: async (ms) => clock.advance(ms) });
  emulator.faults.add({ kind: 'latency', ms: 3_600_000 });
  await emulator.fetch(url);
  assert.is(clock() - startMs, 3_600_000);
}

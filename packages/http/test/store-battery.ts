import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StoreFacility } from '../src/test-store.ts';
import { type TestStoreOptions, testStore } from '../src/test-store.ts';

/** Runs the whole battery as a suite; a case may be left out only for a facility that is named here. */
export function runBattery(
  name: string,
  factory: Parameters<typeof testStore>[0],
  { without = [], ...options }: TestStoreOptions & { readonly without?: readonly StoreFacility[] } = {},
): void {
  const everything: readonly StoreFacility[] = ['advance', 'peer', 'connection'];
  const required = everything.filter((facility) => !without.includes(facility));
  const battery = suite(`${name} · battery`);
  for (const { name: rule, run } of testStore(factory, { ...options, require: required })) {
    battery(rule, async () => {
      const outcome = await run();
      if (outcome === 'left-out') assert.ok(without.length > 0, 'nothing may be left out');
    });
  }
  battery.run();
}

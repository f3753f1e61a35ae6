import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StoreFacility } from '../src/test-store.ts';
import { type TestStoreOptions, testStore } from '../src/test-store.ts';

/** Of real time: so long that a real hang takes longer, and nothing else on however busy a machine. */
const patience: TestStoreOptions = { tickMs: 3_600_000, deadlineMs: 60_000 };

/** Runs the battery as a suite, less the cases that need what is named here: those must be left out, and no others. */
export function runBattery(
  name: string,
  factory: Parameters<typeof testStore>[0],
  { without = [], ...options }: TestStoreOptions & { readonly without?: readonly StoreFacility[] } = {},
): void {
  const cases = testStore(factory, { ...patience, ...options });
  const isLeftOut = ({ needs }: (typeof cases)[number]): boolean => needs !== undefined && without.includes(needs);
  const battery = suite(`${name} · battery`);
  for (const one of cases.filter((each) => !isLeftOut(each))) {
    battery(one.name, async () => assert.is(await one.run(), 'passed'));
  }
  if (without.length > 0) {
    battery(`leaves out what needs ${without.join(' or ')}, and says so`, async () => {
      for (const one of cases.filter(isLeftOut)) assert.is(await one.run(), 'left-out', one.name);
    });
  }
  battery.run();
}

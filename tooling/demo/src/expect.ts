import { Caught } from './scenario.ts';

/** Goes on only when what the demo claims has been seen. */
export function expect(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Caught(`expected that ${claim}`);
}

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertFunctions } from '../src/function-options.ts';

const checking = suite('function-options · assertFunctions');

interface Given {
  readonly provider: string;
  readonly needed?: unknown;
  readonly extra?: unknown;
}
const check = (given: Given): void => assertFunctions(given, ['needed'], ['extra']);
const call = (): void => {};

checking('takes functions, and nothing for an optional one', () => {
  check({ provider: 'sample', needed: call });
  check({ provider: 'sample', needed: call, extra: undefined });
  check({ provider: 'sample', needed: class {}, extra: call });
});

const wrong: readonly [given: object, name: string][] = [
  [{ needed: call }, 'provider'],
  [{ provider: '', needed: call }, 'provider'],
  [{ provider: call, needed: call }, 'provider'],
  [{ provider: 'sample' }, 'needed'],
  [{ provider: 'sample', needed: 'hush' }, 'needed'],
  [{ provider: 'sample', needed: call, extra: null }, 'extra'],
  [{ provider: 'sample', needed: call, extra: 'hush' }, 'extra'],
];
for (const [given, name] of wrong) {
  checking(`names ${name} of ${JSON.stringify(given)} and quotes nothing`, () => {
    assert.throws(
      () => check(given as Given),
      (error: unknown) =>
        error instanceof TypeError && error.message.startsWith(`${name} must be`) && !/hush/.test(error.message),
    );
  });
}

checking.run();

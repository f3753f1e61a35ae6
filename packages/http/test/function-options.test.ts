import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertFunctions, assertNames, assertOptions } from '../src/function-options.ts';

const checking = suite('function-options · assertOptions');

interface Given {
  readonly provider: string;
  readonly needed?: unknown;
  readonly extra?: unknown;
}
const check = (given: Given): void => assertOptions(given, ['needed'], ['extra']);
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

checking('refuses what is no option where all options are known, by its name alone', () => {
  const options = { provider: 'sample', needed: call, other: 1 } as Given & { other: number };
  assertOptions(options, ['needed'], ['extra'], ['other']);
  assert.throws(
    () => assertOptions({ ...options, nedeed: 'hush' } as typeof options, ['needed'], ['extra'], ['other']),
    ({ name, message }: Error) =>
      name === 'TypeError' && message === 'nedeed is no option, expected one of provider, needed, extra, other',
  );
  assertOptions({ ...options, nedeed: 'hush' } as typeof options, ['needed'], ['extra']);
});

checking('names what a member belongs to', () => {
  assert.throws(
    () => assertFunctions<{ readonly headers?: unknown }>({ headers: 'hush' }, ['headers'], [], 'credential.'),
    /^TypeError: credential\.headers must be a function$|^credential\.headers must be a function$/,
  );
  assert.throws(
    () => assertNames({ limt: 1 }, ['limit'], 'retry.'),
    /^retry\.limt is no option, expected one of limit$/,
  );
});

checking.run();

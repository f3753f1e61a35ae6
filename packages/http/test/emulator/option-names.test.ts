import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertOptionNames } from '../../src/emulator/option-names.ts';

const names = suite('emulator · assertOptionNames');

const known = { clock: true, users: true } as const;

names('takes the options that there are, all or some', () => {
  assertOptionNames<{ clock?: unknown; users?: unknown }>({ clock: 1, users: undefined }, known);
  assertOptionNames<{ clock?: unknown; users?: unknown }>({}, known);
});

for (const [options, told] of [
  [{ user: [] }, /^user is no option$/],
  [{ clock: 1, toString: 1 }, /^toString is no option$/],
  [undefined, /^options must be an object$/],
  [null, /^options must be an object$/],
] as const) {
  names(`refuses ${JSON.stringify(options)}`, () => {
    assert.throws(
      () => assertOptionNames(options as never, known as never),
      (error: unknown) => error instanceof TypeError && told.test(error.message),
    );
  });
}

names.run();

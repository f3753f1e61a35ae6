import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mutateOne } from '../src/mutate-one.ts';

const one = suite('mutate one · mutateOne');

const tests = { retry: 'retry.test', 'emulator/deep/faults': 'faults scaffold' };

one('mutates the file that is named, and runs the tests that answer for it', () => {
  const { mutate, commandRunner, jsonReporter } = mutateOne(tests, 'retry');
  assert.equal(mutate, ['src/retry.ts']);
  assert.equal(commandRunner, { command: 'x-test retry.test' });
  assert.equal(jsonReporter, { fileName: '.stryker/retry.json' });
});

one('reports on a file of any folder in one folder', () => {
  const { mutate, commandRunner, jsonReporter } = mutateOne(tests, 'emulator/deep/faults');
  assert.equal(mutate, ['src/emulator/deep/faults.ts']);
  assert.equal(commandRunner, { command: 'x-test faults scaffold' });
  assert.equal(jsonReporter, { fileName: '.stryker/emulator-deep-faults.json' });
});

for (const name of ['faults', '', 'toString']) {
  one(`refuses “${name}”, which is not in the table, and lists what is`, () => {
    assert.throws(
      () => mutateOne(tests, name),
      new RegExp(`^MUTATE must be one of retry, emulator/deep/faults, got ${name}$`),
    );
  });
}

one('takes the name from the environment, and the first of the table where there is none', () => {
  const { MUTATE: named } = process.env;
  try {
    process.env['MUTATE'] = 'emulator/deep/faults';
    assert.equal(mutateOne(tests).mutate, ['src/emulator/deep/faults.ts']);
    delete process.env['MUTATE'];
    assert.equal(mutateOne(tests).mutate, ['src/retry.ts']);
  } finally {
    if (named === undefined) delete process.env['MUTATE'];
    else process.env['MUTATE'] = named;
  }
});

one.run();

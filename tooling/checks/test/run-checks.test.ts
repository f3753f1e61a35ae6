import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../src/run-checks.ts';

const running = suite('run checks');

running('counts those that found something or broke, and shows what', async () => {
  const lines: string[] = [];
  const checks = {
    good: () => [],
    bad: async () => ['a is wrong', 'b is wrong'],
    broken: () => {
      throw new Error('nothing is built');
    },
    other: () => ['not asked'],
  };
  assert.is(await runChecks(checks, ['good', 'bad', 'broken'], (line) => lines.push(line)), 2);
  assert.equal(
    lines.map((line) => line.replace(/ +\d+ ms$/, '').trim()),
    [
      'good           ok',
      'bad            2 to correct',
      'a is wrong',
      'b is wrong',
      'broken         1 to correct',
    ].concat(['nothing is built', '1 checks passed, 2 failed']),
  );
});

running('refuses a name that is no check', async () => {
  await rejects(
    runChecks({ good: () => [] }, ['god'], () => {}),
    TypeError,
    /there is no check god; there are good/,
  );
});

running.run();

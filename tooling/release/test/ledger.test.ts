import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLedger } from '../src/ledger.ts';

const ledger = suite('ledger');

ledger('counts what holds and what does not, and goes on after a failure', async () => {
  const lines: string[] = [];
  const book = createLedger({ print: (line) => lines.push(line), nowMs: () => 0 });
  await book.row('hub', async (check, note) => {
    note('8 packages');
    await check('this holds', () => undefined);
    await check('this does not', () => Promise.reject(new Error('two\nlines')));
    await check('this holds too', async () => undefined);
  });
  assert.is(book.passed, 2);
  assert.is(book.failed, 1);
  assert.match(lines.join('\n'), /hub +8 packages +2 passed, 1 FAILED 0\.0 s\n +FAILED {2}this does not: two\n +lines/);
});

ledger('a row that cannot go on has failed', async () => {
  const lines: string[] = [];
  const book = createLedger({ print: (line) => lines.push(line), nowMs: () => 0 });
  await book.row('hub', () => Promise.reject(new Error('no network')));
  assert.is(book.passed, 0);
  assert.is(book.failed, 1);
  assert.match(lines.join('\n'), /FAILED {2}what the checks need: no network/);
});

ledger.run();

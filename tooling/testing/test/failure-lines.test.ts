import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failureLines, fitLines } from '../src/failure-lines.ts';

const named = suite('failure lines · failureLines');

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const printed = [
  `   FAIL ${red(' one · sum ')} "${red('adds “two”')}"\n    Expected values to be equal  (equal)\n\n        ++4\n    at x.ts:1`,
  '   FAIL  one · sum  "says "no""\n    no\n    at x.ts:2\n',
].join('\n');

named('names suite, test and the first line of the message of every failing test', () => {
  assert.equal(
    failureLines({
      name: '@x/sample',
      failures: [printed, '   FAIL  "of no suite"\n    away\n'],
      problems: ['the tests ended with 1', '3 of 40 tests did not pass'],
    }),
    [
      '@x/sample · one · sum · "adds “two”" · Expected values to be equal  (equal)',
      '@x/sample · one · sum · "says "no"" · no',
      '@x/sample · "of no suite" · away',
    ],
  );
});

named('names what is no test’s failure, and a count alone where no test is named', () => {
  const problems = ['the tests ended with 1', '2 tests were skipped or shut out by .only'];
  assert.equal(failureLines({ name: 'a', failures: [printed], problems }).slice(2), [`a · ${problems[1]}`]);
  assert.equal(
    failureLines({ name: 'a', failures: [], problems }),
    problems.map((problem) => `a · ${problem}`),
  );
  assert.equal(failureLines({ name: 'a', failures: [], problems: ['it ended, in b: Error\n    at c'] }), [
    'a · it ended, in b: Error',
  ]);
  assert.equal(failureLines({ name: 'a', failures: [], problems: [] }), []);
});

named.run();

const fitted = suite('failure lines · fitLines');

fitted('leaves lines alone that fit', () => {
  assert.equal(fitLines([], 1500), []);
  assert.equal(fitLines(['a', 'b'], 1500), ['a', 'b']);
});

fitted('cuts long lines alike, so that none is missing', () => {
  assert.equal(fitLines(['a'.repeat(900), 'b'.repeat(749)], 1500), [`${'a'.repeat(748)}…`, 'b'.repeat(749)]);
});

for (const count of [1, 2, 17, 18, 19, 400]) {
  fitted(`keeps ${count} long ones within so many characters`, () => {
    const lines = Array.from({ length: count }, (_, index) => `${index} ${'x'.repeat(300)}`);
    const kept = fitLines(lines, 1500);
    assert.ok(`${kept.join('\n')}\n`.length <= 1500);
    const left = /^and (\d+) more$/.exec(kept.at(-1) ?? '')?.[1];
    assert.is(left === undefined ? kept.length : kept.length - 1 + Number(left), count);
    assert.is(left === undefined, count <= 18);
  });
}

fitted.run();

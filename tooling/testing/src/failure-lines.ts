import { stripVTControlCharacters } from 'node:util';
import type { TestReport } from './guard.ts';

const ownWords = /^the tests ended with 1$|did not pass$/;

/** Names every failure of a package in a line of its own: the suite, the test and the first line of the message. */
export function failureLines({
  name,
  failures,
  problems,
}: Pick<TestReport, 'name' | 'failures' | 'problems'>): string[] {
  // as uvu prints it:   FAIL  suite  "name", and the message below
  const tests = failures.flatMap((text) =>
    [...stripVTControlCharacters(text).matchAll(/^ {3}FAIL {2}(?:(.+?) {2})?("[^\n]*")\n *([^\n]*)/gm)].map(
      ([, suite = '', test = '', message = '']) =>
        [name, suite, test, message].filter((part) => part !== '').join(' · '),
    ),
  );
  const others = problems
    .filter((problem) => tests.length === 0 || !ownWords.test(problem))
    .map((problem) => `${name} · ${problem.split('\n')[0]}`);
  return [...tests, ...others];
}

const fewest = 80;

/**
 * Cuts lines so that all of them have so many characters at most, and the same chance each; of more than fit, the last
 * line says how many there are.
 */
export function fitLines(lines: readonly string[], maxChars: number): string[] {
  const most = Math.floor(maxChars / fewest);
  const left = lines.length - most + 1;
  const kept = lines.length <= most ? lines : [...lines.slice(0, most - 1), `and ${left} more`];
  const width = Math.floor(maxChars / kept.length) - 1;
  return kept.map((line) => (line.length <= width ? line : `${line.slice(0, width - 1)}…`));
}

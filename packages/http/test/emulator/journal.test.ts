import { manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createJournal } from '../../src/emulator/journal.ts';

const journal = suite('journal');

journal('numbers entries in order of arrival, by its own clock', () => {
  const clock = manualClock(1000);
  const kept = createJournal(clock);
  const first = kept.open('in', 'GET', '/a');
  clock.advance(5);
  kept.open('in', 'GET', '/b');
  first.status = 200;
  assert.equal(
    kept.entries.map(({ number, atMs, status }) => [number, atMs, status]),
    [
      [1, 1000, 200],
      [2, 1005, undefined],
    ],
  );
});

journal('notes calls that the emulator makes itself, without their query', () => {
  const kept = createJournal(manualClock(1000));
  const checks = [{ name: 'signature', ok: true }];
  const entry = kept.record({
    method: 'POST',
    url: 'https://app.example/hooks/0123456789abcdef01234567?token=hush',
    status: 200,
    checks,
    warnings: ['answered late'],
  });
  const expected = {
    number: 1,
    atMs: 1000,
    direction: 'out',
    method: 'POST',
    path: '/hooks/…',
    status: 200,
    checks,
    warnings: ['answered late'],
  };
  assert.equal(entry, expected);
  assert.equal(kept.entries, [expected]);
  checks.push({ name: 'later', ok: false });
  assert.is(entry.checks.length, 1, 'the caller’s list stays the caller’s');
});

journal('a call without answer has no status', () => {
  const kept = createJournal(manualClock());
  assert.is(kept.record({ method: 'GET', url: new URL('https://app.example/'), status: undefined }).status, undefined);
});

journal('gathers warnings in order, and forgets when told', () => {
  const kept = createJournal(manualClock());
  kept.open('in', 'GET', '/a').warnings.push('one', 'two');
  kept.record({ method: 'GET', url: 'https://app.example/', status: 200, warnings: ['three'] });
  assert.equal(kept.warnings(), ['one', 'two', 'three']);
  kept.clear();
  assert.equal([kept.warnings(), kept.entries], [[], []]);
  assert.is(kept.open('in', 'GET', '/a').number, 3, 'numbers go on');
});

journal.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isIssuedSession, readExpiresAtMs, slideSession, toIssuedSession } from '../src/issued-session.ts';

const endMs = Date.UTC(2026, 0, 1, 12);
const nowMs = endMs - 7_200_000;
/** The fields of an answer that tells the session's end. */
const ending = (text = '2026-01-01 12:00:00 UTC') => new Headers({ 'QB-Token-ExpirationDate': text });

const issued = suite('quickblox · issued session');

issued('has the end that its answer tells, and no other', () => {
  assert.is(readExpiresAtMs(ending()), endMs);
  assert.equal(toIssuedSession({ token: 't', user_id: 7 }, ending(), nowMs), {
    token: 't',
    userId: 7,
    expiresAtMs: endMs,
  });
  for (const headers of [new Headers(), ending('soon')]) {
    assert.is(readExpiresAtMs(headers), undefined);
    assert.equal(Object.keys(toIssuedSession({ token: 't', user_id: 7 }, headers, nowMs)), ['token', 'userId']);
  }
});

for (const [what, known, headers, slid] of [
  ['a later end', { expiresAtMs: endMs - 1 }, ending(), endMs],
  ['the first end', {}, ending(), endMs],
  ['the same end', { expiresAtMs: endMs }, ending(), undefined],
  ['an earlier end', { expiresAtMs: endMs + 1 }, ending(), undefined],
  ['no end', { expiresAtMs: endMs }, new Headers(), undefined],
  ['no end, as ever', {}, new Headers(), undefined],
] as const) {
  issued(`${slid === undefined ? 'stays' : 'slides'} when an answer tells ${what}`, () => {
    const session = slideSession({ token: 't', userId: 7, ...known }, headers, nowMs);
    assert.equal(session, slid === undefined ? undefined : { token: 't', userId: 7, expiresAtMs: slid });
  });
}

issued('has no end that is over when it is told', () => {
  const wire = { token: 't', user_id: 7 };
  assert.is(toIssuedSession(wire, ending(), endMs - 1).expiresAtMs, endMs);
  assert.equal(Object.keys(toIssuedSession(wire, ending(), endMs)), ['token', 'userId']);
  assert.is(slideSession({ token: 't', userId: 7 }, ending(), endMs), undefined);
});

for (const [value, is] of [
  [{ token: 't', userId: 7 }, true],
  [{ token: 't', userId: 0, expiresAtMs: 0 }, true],
  [{ token: 't', expiresAtMs: 0 }, false],
  [{ token: 't', userId: '7' }, false],
  [{}, false],
  [{ token: '', userId: 7 }, false],
  [{ token: 'a\r\nb', userId: 7 }, false],
  [{ token: 't', userId: 7, expiresAtMs: '0' }, false],
  [{ token: 't', userId: 7, expiresAtMs: undefined }, false],
  [null, false],
  ['t', false],
] as const) {
  issued(`${is ? 'is' : 'is not'} ${JSON.stringify(value)}, whoever stored it`, () => {
    assert.is(isIssuedSession(value), is);
  });
}

issued.run();

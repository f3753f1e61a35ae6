import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isIssuedSession, readExpiresAtMs, slideSession, toIssuedSession } from '../src/issued-session.ts';

const endMs = Date.UTC(2026, 0, 1, 12);
/** The fields of an answer that tells the session's end. */
const ending = (text = '2026-01-01 12:00:00 UTC') => new Headers({ 'QB-Token-ExpirationDate': text });

const issued = suite('quickblox · issued session');

issued('has the end that its answer tells, and no other', () => {
  assert.is(readExpiresAtMs(ending()), endMs);
  assert.equal(toIssuedSession('t', ending()), { token: 't', expiresAtMs: endMs });
  for (const headers of [new Headers(), ending('soon')]) {
    assert.is(readExpiresAtMs(headers), undefined);
    assert.equal(Object.entries(toIssuedSession('t', headers)), [['token', 't']]);
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
    const session = slideSession({ token: 't', ...known }, headers);
    assert.equal(session, slid === undefined ? undefined : { token: 't', expiresAtMs: slid });
  });
}

for (const [value, is] of [
  [{ token: 't' }, true],
  [{ token: 't', expiresAtMs: 0 }, true],
  [{}, false],
  [{ token: '' }, false],
  [{ token: 'a\r\nb' }, false],
  [{ token: 't', expiresAtMs: '0' }, false],
  [{ token: 't', expiresAtMs: undefined }, false],
  [null, false],
  ['t', false],
] as const) {
  issued(`${is ? 'is' : 'is not'} ${JSON.stringify(value)}, whoever stored it`, () => {
    assert.is(isIssuedSession(value), is);
  });
}

issued.run();

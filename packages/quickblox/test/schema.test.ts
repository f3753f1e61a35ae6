import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { ErrorBody, SessionEnvelope, UserEnvelope, UserPage, UserToken } from '../src/schema.ts';

const wire = {
  _id: '1151827623',
  id: 1151827623,
  application_id: 76730,
  user_id: 0,
  nonce: 7334,
  ts: 1567349756,
  token: '0123456789abcdef0123456789abcdef01012bba',
  created_at: '2019-09-01T14:55:56Z',
  updated_at: '2019-09-01T14:55:56+00:00',
};
const atMs = Date.UTC(2019, 8, 1, 14, 55, 56);

const session = suite('quickblox · SessionEnvelope');

session('reads the documented answer, both forms of its times, and keeps members that it does not know', () => {
  assert.equal(v.parse(SessionEnvelope, { session: { ...wire, device_id: 0, userId: 'not ours' } }), {
    _id: '1151827623',
    device_id: 0,
    id: 1151827623,
    applicationId: 76730,
    userId: 0,
    nonce: 7334,
    timestampSeconds: 1567349756,
    token: wire.token,
    createdAtMs: atMs,
    updatedAtMs: atMs,
  });
});

const accepted: readonly [what: string, changed: object][] = [
  ['a JWT-like token', { token: 'eyJh.eyJh.c2ln-_' }],
  ['a token of 4,000 signs', { token: 'x'.repeat(4000) }],
  ['a nonce that is text', { nonce: 'ab12' }],
  ['a negative nonce', { nonce: -577359397 }],
  ['members of other times', { device_id: 0, _id: '5f0c6b2ba0eb473c6c5a1f5e' }],
];
for (const [what, changed] of accepted) {
  session(`takes ${what}`, () => assert.ok(v.is(SessionEnvelope, { session: { ...wire, ...changed } })));
}

const refused: readonly [what: string, value: unknown][] = [
  ['nothing', null],
  ['a bare session', wire],
  ['an empty token', { session: { ...wire, token: '' } }],
  ['a token with a line break', { session: { ...wire, token: 'a\nb' } }],
  ['a token outside ASCII', { session: { ...wire, token: 'ä' } }],
  ['a user that is null', { session: { ...wire, user_id: null } }],
  ['a day that is none', { session: { ...wire, created_at: '2019-02-31T99:00:00Z' } }],
  ['a time in seconds', { session: { ...wire, created_at: 1567349756 } }],
];
for (const [what, value] of refused) {
  session(`refuses ${what}`, () => assert.not.ok(v.is(SessionEnvelope, value)));
}

session.run();

const others = suite('quickblox · UserToken, User and ErrorBody');

others('reads a minted token', () => {
  assert.equal(v.parse(UserToken, { token: 't', expires_at: '2023-09-01T14:55:56Z', id: 5 }), {
    id: 5,
    token: 't',
    expiresAtMs: Date.UTC(2023, 8, 1, 14, 55, 56),
  });
  for (const expires_at of [
    '2023-09-01 14:55:56 UTC',
    '2023-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2023-04-31T00:00:00+00:00',
    '2023-13-01T00:00:00Z',
    '2023-00-01T00:00:00Z',
    '2023-01-00T00:00:00Z',
    '2023-01-01T25:00:00Z',
    '2023-01-01T00:60:00Z',
  ]) {
    assert.not.ok(v.is(UserToken, { token: 't', expires_at }), expires_at);
  }
  const leap = v.parse(UserToken, { token: 't', expires_at: '2024-02-29T23:30:00-01:00' });
  assert.is(leap.expiresAtMs, Date.UTC(2024, 2, 1, 0, 30));
});

others('reads a user as QuickBlox writes it, members that are new to it too', () => {
  const user = { id: 7, login: null, user_tags: 'one,two', custom_data: '{"a":1}', external_user_id: 'x', added: [1] };
  assert.equal(v.parse(UserEnvelope, { user }), user);
  assert.not.ok(v.is(UserEnvelope, { user: { ...user, id: '7' } }));
  assert.not.ok(v.is(UserEnvelope, { user: { ...user, custom_data: { a: 1 } } }));
});

others('reads a page of wrapped users', () => {
  const page = { current_page: 1, per_page: 10, total_entries: 1 };
  assert.equal(v.parse(UserPage, { ...page, items: [{ user: { id: 7 } }] }), { ...page, items: [{ id: 7 }] });
  assert.not.ok(v.is(UserPage, { current_page: 1, per_page: 10, total_entries: 1, items: [{ id: 7 }] }));
});

others('reads every known shape of an error body', () => {
  assert.equal(v.parse(ErrorBody, { errors: { base: ['a'] } }), { base: ['a'] });
  assert.equal(v.parse(ErrorBody, { errors: ['a'] }), { base: ['a'] });
  assert.equal(v.parse(ErrorBody, { errors: { login: 'a', email: ['b', 'c'] } }), { login: ['a'], email: ['b', 'c'] });
  assert.equal(v.parse(ErrorBody, { code: 17, message: 'a' }), { base: ['a'] });
  assert.equal(v.parse(ErrorBody, { errors: { a: { b: 'c' }, d: ['e', 7, null] } }), { a: ['c'], d: ['e'] });
  for (const body of [null, [], {}, { errors: 7 }, { errors: null }, { message: 7 }]) {
    assert.not.ok(v.is(ErrorBody, body));
  }
});

others.run();

const entries = suite('quickblox · entries');

for (const entry of ['signature/index', 'schema']) {
  entries(`${entry} does not load the client`, () => {
    const pending = [new URL(`../src/${entry}.ts`, import.meta.url)];
    const seen = new Set<string>();
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      if (seen.has(file.href)) continue;
      seen.add(file.href);
      for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/^(?! \*).*from '([^']+)'/gm)) {
        if (specifier.startsWith('.')) pending.push(new URL(specifier, file));
        else assert.ok(['@x/crypto', 'valibot'].includes(specifier), `${file.pathname} imports ${specifier}`);
      }
    }
    assert.ok(seen.size > 1);
  });
}

entries.run();

import { manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { application } from '../harness.ts';
import { asJson, clock, create, expiryOf, make, origin, post, signed, tokenOf, withToken } from './harness.ts';

const session = suite('quickblox · emulator · sessions and logins');

session('tells the end in either form, or not at all', async () => {
  for (const [expiryFormat, expected] of [
    ['utc', '2026-01-01 02:00:00 UTC'],
    ['offset', '2026-01-01 02:00:00 +0000'],
    ['absent', null],
  ] as const) {
    assert.is(expiryOf(await create(make({ expiryFormat }), signed())), expected);
  }
});

session('makes tokens of either format, all distinct', async () => {
  const emulator = make();
  const hex = await tokenOf(await create(emulator, signed()));
  assert.match(hex, /^[0-9a-f]{34}012bba$/);
  emulator.change({ tokenFormat: 'jwt' });
  const jwt = await tokenOf(await create(emulator, signed({ nonce: '2' })));
  const [header = '', payload = ''] = jwt.split('.');
  const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  assert.equal(decode(header), { alg: 'HS512' });
  assert.equal(decode(payload), { access_type: 'application', application_id: 76730, iat: clock() * 1000 });
  const again = await tokenOf(await create(emulator, signed({ nonce: '3' })));
  assert.is.not(again, jwt);
});

session('slides with each request, as coarsely as it is told, and ends for good', async () => {
  const own = manualClock();
  const emulator = make({ clock: own, lifetimeSeconds: 600, slideEverySeconds: 60 });
  const token = await tokenOf(await create(emulator, signed()));
  const get = () => emulator.fetch(`${origin}/session.json`, withToken(token));
  own.advance(59_000);
  assert.is(expiryOf(await get()), '2026-01-01 00:10:00 UTC');
  own.advance(1000);
  assert.is(expiryOf(await get()), '2026-01-01 00:11:00 UTC');
  own.advance(600_000);
  assert.equal(emulator.sessions(), []);
  const gone = await get();
  assert.equal([gone.status, expiryOf(gone)], [401, null]);
  assert.match(
    gone.headers.get('www-authenticate') ?? '',
    /^[A-Za-z]+ realm="[^"]+"$/,
    'a challenge of RFC 9110 §11.6.1',
  );
  assert.is(await gone.text(), '{"errors":{"base":["Required session does not exist"]}}');
  own.advance(-600_000);
  assert.is((await get()).status, 401);
});

session('leaves the end where it was when it never slides', async () => {
  const own = manualClock();
  const emulator = make({ clock: own, lifetimeSeconds: 600, slideEverySeconds: Number.POSITIVE_INFINITY });
  const token = await tokenOf(await create(emulator, signed()));
  const get = () => emulator.fetch(`${origin}/session.json`, withToken(token));
  own.advance(599_000);
  assert.is(expiryOf(await get()), '2026-01-01 00:10:00 UTC');
  own.advance(1000);
  assert.is((await get()).status, 401);
});

session('warns of a user who is named twice', async () => {
  const emulator = make();
  const both = { 'user[login]': 'anna', 'user[email]': 'anna+qa@example.com', 'user[password]': 'p@ss w&rd=1+2%20' };
  assert.is((await create(emulator, signed(both))).status, 201);
  assert.equal(emulator.journal.warnings(), ['a user was named by login and by e-mail']);
});

session('wants a token, in its header', async () => {
  const emulator = make();
  const bare = await emulator.fetch(`${origin}/session.json`);
  assert.equal([bare.status, await bare.text()], [401, '{"errors":["Token is required"]}']);
  assert.ok(bare.headers.has('www-authenticate'));
  const token = await tokenOf(await create(emulator, signed()));
  assert.is((await emulator.fetch(`${origin}/users.json?sort=${token}`)).status, 401);
  assert.is((await emulator.fetch(`${origin}/session.json?token=${token}`)).status, 401);
  assert.equal(emulator.journal.warnings(), [
    'a secret or a token was sent in the URL',
    'a secret or a token was sent in the URL',
  ]);
});

session('answers deletions with an empty body', async () => {
  const emulator = make();
  const token = await tokenOf(await create(emulator, signed()));
  for (const path of ['/login.json', '/session.json']) {
    const answer = await emulator.fetch(`${origin}${path}`, { method: 'DELETE', ...withToken(token) });
    assert.equal([answer.status, await answer.text()], [200, '']);
  }
  assert.equal(emulator.sessions(), []);
});

session('logs in unsigned and unnested only, and warns of what is odd', async () => {
  const emulator = make();
  const token = await tokenOf(await create(emulator, signed()));
  const logIn = (body: BodyInit, headers: Record<string, string> = {}) =>
    post(emulator, '/login.json', body, { 'QB-Token': token, ...headers });
  const nested = await logIn(new URLSearchParams({ 'user[login]': 'anna', 'user[password]': 'p@ss w&rd=1+2%20' }));
  assert.is(nested.status, 401);
  assert.is((await logIn('{', asJson)).status, 400);
  const bare = { login: 'anna', password: 'p@ss w&rd=1+2%20' };
  assert.is((await logIn(JSON.stringify(bare), asJson)).status, 202);
  emulator.change({ loginStatus: 200 });
  assert.is((await logIn(new URLSearchParams({ ...bare, signature: 'x' }))).status, 200);
  assert.equal(emulator.journal.warnings(), [
    'a login was signed; only session requests are',
    'a session that has a user was upgraded again',
  ]);
  assert.is((await post(emulator, '/login.json', '', {})).status, 401);
});

session('has no user for an identity that points nowhere', async () => {
  const emulator = make({ applications: [{ ...application, identityProvider: () => ({ userId: 999 }) }] });
  const token = await tokenOf(await create(emulator, signed()));
  const body = new URLSearchParams({ login: 'a', password: 'b' });
  assert.is((await post(emulator, '/login.json', body, { 'QB-Token': token })).status, 404);
});

session('warns of a renewal storm, and of a secret that was sent', async () => {
  const emulator = make({ stormLimit: 3 });
  for (let nonce = 1; nonce <= 4; nonce += 1) await create(emulator, signed({ nonce: String(nonce) }));
  assert.equal(emulator.journal.warnings(), ['4 sessions were asked for one subject within a minute']);
  emulator.journal.clear();
  await create(emulator, signed({ nonce: '9', auth_secret: 'as_test' }));
  assert.match(emulator.journal.warnings().join(), /the authorization secret was sent/);
});

session('has its own time, which its answers tell', async () => {
  const emulator = make({ skewMs: 7_200_000 });
  const refused = await create(emulator, signed());
  assert.is(await refused.text(), '{"errors":{"base":["Bad timestamp"]}}');
  assert.is(refused.headers.get('date'), 'Thu, 01 Jan 2026 02:00:00 GMT');
});

session.run();

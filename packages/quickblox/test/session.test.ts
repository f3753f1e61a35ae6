import { CredentialError, RequestError, ResponseError, XError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type User, UserEnvelope, UserPage } from '../src/schema.ts';
import { anna, application, count, createRig } from './harness.ts';

const created = 'POST /session.json 201';
const twoHoursMs = 7_200_000;

const renewal = suite('quickblox · session · renewal');

renewal('creates exactly one session for 50 requests at once', async () => {
  const { quickblox, calls } = createRig();
  const { client } = quickblox.session(anna);
  const pages = await Promise.all(Array.from({ length: 50 }, () => client.get('users.json').json(UserPage)));
  assert.ok(pages.every(({ total_entries }) => total_entries === 2));
  assert.is(count(calls(), created), 1);
  assert.is(count(calls(), 'GET /users.json 200'), 50);
});

renewal('creates exactly one new session for 10 requests that meet one that is gone', async () => {
  const { quickblox, emulator, calls } = createRig();
  const { client } = quickblox.session(anna);
  await client.get('users.json');
  emulator.endSessions();
  emulator.journal.clear();
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.get('users.json')));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.is(count(calls(), created), 1);
  assert.is(count(calls(), 'GET /users.json 401'), 10);
  assert.is(count(calls(), 'GET /users.json 200'), 10);
  assert.equal(emulator.journal.warnings(), []);
});

for (const goneShape of ['object', 'array'] as const) {
  renewal(`replays a POST once when the session is gone, told in an ${goneShape}`, async () => {
    const { quickblox, emulator, calls } = createRig({ settings: { goneShape } });
    const { client } = quickblox.session();
    await client.get('users.json');
    emulator.endSessions();
    emulator.journal.clear();
    const user = await client
      .post('users.json', { json: { user: { login: 'new', password: 'p' } } })
      .json(UserEnvelope);
    assert.is(user.login, 'new');
    assert.equal(calls(), ['POST /users.json 401', created, 'POST /users.json 201']);
  });
}

renewal('replays once and no more when the new session is gone as well', async () => {
  const { quickblox, emulator, calls } = createRig();
  const session = quickblox.session();
  await session.token();
  const body = '{"errors":{"base":["Required session does not exist"]}}';
  emulator.faults.add({ kind: 'status', status: 401, body }, { path: '/users.json', times: 9 });
  await rejects(session.client.get('users.json'), ResponseError, 'quickblox.session-gone');
  assert.equal(calls(), [created, 'GET /users.json 401', created, 'GET /users.json 401']);
});

renewal('leaves other refusals alone: neither renewed nor replayed', async () => {
  const { quickblox, emulator, calls } = createRig();
  const session = quickblox.session();
  await session.token();
  for (const [status, body] of [
    [401, '{"errors":["Unauthorized"]}'],
    [401, ''],
    [403, '{}'],
    [422, '{"errors":{"base":["Forbidden. Need user."]}}'],
    [422, '{"errors":{"name":["Required session does not exist is no name"]}}'],
    [404, '{"code":404,"message":"Required session does not exist"}'],
  ] as const) {
    emulator.journal.clear();
    emulator.faults.add({ kind: 'status', status, body }, { path: '/users.json' });
    await rejects(session.client.get('users.json'), ResponseError, /users\.json/);
    assert.equal(calls(), [`GET /users.json ${status}`]);
  }
});

renewal('asks once for a wrong password under 50 requests, and not again behind their back', async () => {
  const { quickblox, emulator, calls } = createRig({ client: { retry: { limit: 3 } } });
  const { client } = quickblox.session({ ...anna, password: 'wrong' });
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => client.get('users.json')));
  for (const outcome of outcomes) {
    assert.is(outcome.status, 'rejected');
    const error = (outcome as PromiseRejectedResult).reason as CredentialError;
    assert.is(error.code, 'credential.refused');
    assert.is((error.cause as ResponseError).code, 'quickblox.bad-credentials');
  }
  assert.equal(calls(), ['POST /session.json 401']);
  assert.equal(emulator.journal.warnings(), []);
});

renewal('does not loop when the password was changed while the session lived', async () => {
  const { quickblox, emulator, calls } = createRig();
  const { client } = quickblox.session(anna);
  await client.get('users.json');
  emulator.putUser(76730, { id: 7, login: 'anna', password: 'changed' });
  emulator.endSessions();
  emulator.journal.clear();
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => client.get('users.json')));
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  assert.is(count(calls(), 'POST /session.json 401'), 1);
  assert.is(count(calls(), 'GET /users.json 401'), 10);
});

renewal('asks a source of logins for a fresh one at each new session', async () => {
  const { quickblox, emulator } = createRig();
  const tokens = ['facebook-token', 'expired'];
  const session = quickblox.session({
    subject: 'otto',
    read: () => ({ kind: 'facebook', token: tokens.shift() ?? '' }),
  });
  assert.is((await session.info()).userId, 8);
  emulator.endSessions();
  const error = await rejects(session.info(), CredentialError, 'credential.refused');
  assert.is((error.cause as ResponseError).code, 'quickblox.provider-refused');
});

renewal('gives up waiting when its caller does', async () => {
  const { quickblox, calls } = createRig();
  const session = quickblox.session();
  await rejects(session.token({ signal: AbortSignal.abort() }), RequestError, 'http.aborted');
  assert.is((await session.token()).length, 40, 'others are not disturbed');
  assert.is(count(calls(), created), 1);
});

renewal('is told to the platform, which then lets it outlive the request', async () => {
  const told: Promise<unknown>[] = [];
  const { quickblox, emulator } = createRig({ client: { waitUntil: (work) => told.push(work) } });
  const session = quickblox.session(anna);
  const stop = new AbortController();
  const asking = rejects(session.token({ signal: stop.signal }), RequestError, 'http.aborted');
  stop.abort();
  await asking;
  assert.equal([told.length, emulator.sessions().length], [1, 0]);
  await told[0];
  assert.is(emulator.sessions().length, 1);
});

renewal.run();

const expiry = suite('quickblox · session · expiry');

for (const expiryFormat of ['utc', 'offset'] as const) {
  expiry(`slides with every request, told in the form ${expiryFormat}`, async () => {
    const { quickblox, clock, calls } = createRig({ settings: { expiryFormat } });
    const session = quickblox.session(anna);
    await session.token();
    for (let hour = 0; hour < 5; hour += 1) {
      clock.advance(3_600_000);
      assert.is((await session.info()).expiresAtMs, clock() + twoHoursMs);
    }
    assert.is(count(calls(), created), 1);
  });
}

expiry('gets a new session before the first request after the end, without a refused one', async () => {
  const { quickblox, clock, calls } = createRig();
  const { client } = quickblox.session();
  await client.get('users.json');
  clock.advance(twoHoursMs);
  await client.get('users.json');
  assert.equal(calls(), [created, 'GET /users.json 200', created, 'GET /users.json 200']);
});

expiry('renews ahead of the end while the request goes on with the old session', async () => {
  const { quickblox, clock, events } = createRig({ client: { marginMs: 300_000 } });
  const session = quickblox.session();
  const first = await session.token();
  clock.advance(twoHoursMs - 299_000);
  assert.is(await session.token(), first);
  while (!events.some(({ type }) => type === 'credential-renewed')) await new Promise(setImmediate);
  assert.is.not(await session.token(), first);
});

expiry('trusts the header and never two hours from now: a coarse slide', async () => {
  const { quickblox, clock, calls } = createRig({ settings: { slideEverySeconds: 720 } });
  const session = quickblox.session();
  await session.token();
  const endMs = clock() + twoHoursMs;
  clock.advance(660_000);
  assert.is((await session.info()).expiresAtMs, endMs);
  clock.set(endMs - 59_000);
  await session.token();
  clock.set(endMs);
  await session.token();
  assert.is(count(calls(), created), 2);
});

expiry('learns the end from a failed answer too', async () => {
  const { quickblox, clock, calls } = createRig();
  const session = quickblox.session();
  await session.token();
  clock.advance(3_600_000);
  await rejects(session.client.get('users/999.json'), ResponseError, 'http.not-found');
  clock.advance(5_400_000);
  await session.client.get('users.json');
  assert.is(count(calls(), created), 1);
});

expiry('takes the end as unknown without the header, and relies on renewal', async () => {
  const { quickblox, clock, calls, emulator } = createRig({ settings: { expiryFormat: 'absent' } });
  const session = quickblox.session();
  assert.is((await session.info()).expiresAtMs, undefined);
  clock.advance(twoHoursMs + 1);
  emulator.journal.clear();
  await session.client.get('users.json');
  assert.equal(calls(), ['GET /users.json 401', created, 'GET /users.json 200']);
});

expiry('is not moved back by an answer that was overtaken, nor by an unreadable header', async () => {
  const { quickblox, emulator, clock, calls } = createRig();
  const session = quickblox.session();
  await session.token();
  for (const header of ['2020-01-01 00:00:00 UTC', 'soon', '']) {
    const headers = { 'QB-Token-ExpirationDate': header };
    emulator.faults.add({ kind: 'status', status: 200, headers, body: '{}' }, { path: '/users.json' });
    await session.client.get('users.json');
  }
  clock.advance(3_600_000);
  await session.client.get('users.json');
  assert.is(count(calls(), created), 1);
});

expiry('takes an end that is over when it is told for none', async () => {
  const { quickblox, emulator, calls } = createRig({ settings: { expiryFormat: 'absent' } });
  const headers = { 'QB-Token-ExpirationDate': '2016-05-02 19:52:00 UTC' };
  const body = '{"session":{"token":"t","user_id":null}}';
  emulator.faults.add({ kind: 'status', status: 201, headers, body }, { path: '/session.json' });
  emulator.faults.add({ kind: 'status', status: 200, headers, body: '{}' }, { path: '/users.json', times: 3 });
  const session = quickblox.session();
  for (let index = 0; index < 3; index += 1) await session.client.get('users.json');
  assert.equal([await session.token(), count(calls(), created)], ['t', 1]);
});

expiry.run();

const steps = suite('quickblox · session · steps');

steps('are told to the platform, which then lets them outlive the request', async () => {
  const told: Promise<unknown>[] = [];
  const { quickblox } = createRig({ client: { waitUntil: (work) => told.push(work) } });
  await quickblox.session(anna).destroy();
  assert.is(told.length, 1);
});

const logins = [
  [anna, 7],
  [{ kind: 'email', email: 'anna+qa@example.com', password: anna.password }, 7],
  [{ kind: 'login', login: 'otto', password: 'пароль😀' }, 8],
  [{ kind: 'facebook', token: 'facebook-token' }, 8],
  [{ kind: 'twitter', token: 'twitter-token', secret: 's' }, 8],
  [{ kind: 'firebase-phone', projectId: 'p', accessToken: 'firebase.id-token' }, 8],
  [{ kind: 'custom', parameters: { user: { login: 'anna', password: anna.password } } }, 7],
] as const;
for (const [login, userId] of logins) {
  for (const hash of ['sha1', 'sha256'] as const) {
    steps(`makes a session of a user with ${login.kind} of user ${userId}, signed with ${hash}`, async () => {
      const { quickblox, emulator } = createRig({ applications: [{ ...application, hash }], client: { hash } });
      const { applicationId, userId: seen, ...rest } = await quickblox.session(login).info();
      assert.equal([applicationId, seen], [76730, userId]);
      assert.not.ok('token' in rest);
      assert.equal(emulator.journal.warnings(), []);
    });
  }

  steps(`upgrades a session of the application in place with ${login.kind} of user ${userId}`, async () => {
    const { quickblox, emulator, calls } = createRig();
    const session = quickblox.session();
    const token = await session.token();
    const user = await session.login(login);
    assert.is(user.id, userId);
    assert.is(await session.token(), token, 'the token stays');
    assert.is((await session.info()).userId, userId);
    assert.equal(calls(), [created, 'POST /login.json 202', 'GET /session.json 200']);
    assert.equal(emulator.journal.warnings(), []);
  });
}

steps('asks for a user on what is the user’s alone', async () => {
  const { quickblox } = createRig();
  const session = quickblox.session();
  await rejects(session.client.get('chat/Dialog.json'), ResponseError, 'quickblox.user-required');
  await session.login(anna);
  assert.is((await session.client.get('chat/Dialog.json')).status, 200);
  await session.logout();
  await rejects(session.client.get('chat/Dialog.json'), ResponseError, 'quickblox.user-required');
});

steps('renews a session that was upgraded as the user’s', async () => {
  const { quickblox, emulator } = createRig();
  const session = quickblox.session();
  await session.login(anna);
  emulator.endSessions();
  assert.is((await session.info()).userId, 7);
});

steps('stays the application’s when the password is wrong', async () => {
  const { quickblox, calls } = createRig();
  const session = quickblox.session();
  await rejects(session.login({ ...anna, password: 'wrong' }), ResponseError, 'quickblox.bad-credentials');
  assert.is((await session.info()).userId, 0);
  assert.equal(calls(), [created, 'POST /login.json 401', 'GET /session.json 200']);
});

steps('logs in on a new session when the old one is gone', async () => {
  const { quickblox, emulator, calls } = createRig();
  const session = quickblox.session();
  await session.token();
  emulator.endSessions();
  assert.is((await session.login(anna)).id, 7);
  assert.equal(calls(), [created, 'POST /login.json 401', created, 'POST /login.json 202']);
});

steps('logs another user in on a session of its own, and ends the first one’s', async () => {
  const { quickblox, emulator } = createRig();
  const session = quickblox.session(anna);
  const first = await session.token();
  await session.login({ kind: 'facebook', token: 'facebook-token' });
  assert.is.not(await session.token(), first);
  assert.equal(
    emulator.sessions().map(({ userId }) => userId),
    [8],
  );
  assert.equal(emulator.journal.warnings(), []);
});

steps('ends the session that a failed login of another user was to be, and keeps the first one’s', async () => {
  const { quickblox, emulator } = createRig();
  const session = quickblox.session(anna);
  const first = await session.token();
  for (let n = 0; n < 5; n += 1) {
    await rejects(session.login({ ...anna, password: `${n}` }), ResponseError, 'quickblox.bad-credentials');
  }
  assert.is(await session.token(), first);
  assert.is(emulator.sessions().length, 1);
});

steps('is the application’s, on a new session, when the answer to a login is lost', async () => {
  for (const kind of ['drop-after', 'malformed-body'] as const) {
    const { quickblox, emulator } = createRig();
    const session = quickblox.session();
    const first = await session.token();
    emulator.faults.add({ kind }, { path: '/login.json' });
    await rejects(session.login(anna), XError, /network|answer/);
    assert.is((await session.info()).userId, 0);
    assert.is.not(await session.token(), first);
    assert.is(emulator.sessions().length, 1, 'the one that was upgraded is ended');
  }
});

steps('takes what a gateway says of a login or logout for no word of the server’s', async () => {
  for (const path of ['login', 'logout'] as const) {
    let isLost = false;
    const rig = createRig({ client: { fetch: (input, init) => passOn(new Request(input, init)) } });
    const passOn = async (request: Request): Promise<Response> => {
      const answer = await rig.emulator.fetch(request);
      return isLost && request.url.endsWith('/login.json') ? new Response('', { status: 502 }) : answer;
    };
    const session = path === 'login' ? rig.quickblox.session() : rig.quickblox.session(anna);
    const { userId } = await session.info();
    isLost = true;
    await rejects(path === 'login' ? session.login(anna) : session.logout(), ResponseError, 'http.server');
    assert.is((await session.info()).userId, userId, 'the session is whose it was');
    assert.is(rig.emulator.sessions().length, 1);
  }
});

steps('ends the session that is being created when it is destroyed or logged out', async () => {
  for (const step of ['destroy', 'logout'] as const) {
    const { quickblox, emulator } = createRig();
    const session = quickblox.session(anna);
    const token = session.token();
    await session[step]();
    await token;
    assert.equal(
      emulator.sessions().filter(({ userId }) => userId === 7),
      [],
      step,
    );
  }
});

steps('logs out in place, and renews as the application’s from then on', async () => {
  const { quickblox, emulator, calls } = createRig();
  const session = quickblox.session(anna);
  const token = await session.token();
  await session.logout();
  assert.is(await session.token(), token);
  assert.is((await session.info()).userId, 0);
  assert.equal(calls(), [created, 'DELETE /login.json 200', 'GET /session.json 200']);
  await session.logout();
  assert.is(calls().length, 3, 'nobody is left to be logged out');
  emulator.endSessions();
  assert.is((await session.info()).userId, 0);
});

steps('logs out when the session is gone or was never made', async () => {
  const { quickblox, emulator, calls } = createRig();
  const gone = quickblox.session(anna);
  await gone.token();
  emulator.endSessions();
  await gone.logout();
  assert.is((await gone.info()).userId, 0);
  const unused = quickblox.session(anna);
  emulator.journal.clear();
  await unused.logout();
  assert.equal(calls(), []);
  assert.is((await unused.info()).userId, 0);
});

steps('destroys the session, and makes a new one when it is used again', async () => {
  const { quickblox, emulator, calls } = createRig();
  const session = quickblox.session(anna);
  const token = await session.token();
  await session.destroy();
  assert.equal(emulator.sessions(), []);
  assert.is.not(await session.token(), token);
  assert.equal(calls(), [created, 'DELETE /session.json 200', created]);
});

steps('destroys one session after the other, however little time is between', async () => {
  const { quickblox, emulator } = createRig();
  const session = quickblox.session(anna);
  for (let n = 0; n < 3; n += 1) {
    await session.token();
    await session.destroy();
    assert.equal(emulator.sessions(), []);
  }
  assert.is((await session.info()).userId, 7);
});

steps('destroys what is gone, or was never made, without complaint', async () => {
  const { quickblox, emulator, calls } = createRig();
  await quickblox.session().destroy();
  assert.equal(calls(), []);
  const session = quickblox.session();
  await session.token();
  emulator.endSessions();
  await session.destroy();
  assert.equal(calls(), [created, 'DELETE /session.json 401']);
});

steps('reports what keeps it from logging out or destroying, and stays usable', async () => {
  const { quickblox, emulator } = createRig();
  const session = quickblox.session(anna);
  await session.token();
  for (const step of [session.logout, session.destroy]) {
    emulator.faults.add({ kind: 'status', status: 503 }, { method: 'DELETE' });
    await rejects(step(), ResponseError, 'http.server');
    assert.is((await session.info()).userId, 7);
  }
});

steps('takes the steps one after the other, also after one that failed', async () => {
  const { quickblox, calls } = createRig();
  const session = quickblox.session();
  const wrong = { ...anna, password: 'wrong' };
  await Promise.allSettled([session.login(wrong), session.login(anna), session.logout(), session.destroy()]);
  assert.equal(calls(), [
    created,
    'POST /login.json 401',
    'POST /login.json 202',
    'DELETE /login.json 200',
    'DELETE /session.json 200',
  ]);
  assert.is((await session.info()).userId, 0);
});

steps('refuses to log the application in, or a login that is incomplete', async () => {
  const { quickblox, calls } = createRig();
  const session = quickblox.session();
  await rejects(session.login({ kind: 'application' } as never), TypeError, /login\.kind/);
  await rejects(session.login({ kind: 'login', login: 'anna' } as never), TypeError, /login\.password/);
  assert.throws(() => quickblox.session({ kind: 'email', email: 'a', password: '' }), /login\.password/);
  assert.equal(calls(), []);
});

steps('takes any success of a login', async () => {
  const { quickblox } = createRig({ settings: { loginStatus: 200 } });
  assert.is((await quickblox.session().login(anna)).full_name, 'Anna');
});

steps('hands on the types of its schemas', async () => {
  const { quickblox } = createRig();
  const { client } = quickblox.session();
  const envelope: User = await client.get('users/7.json').json(UserEnvelope);
  assert.equal([envelope.id, envelope.user_tags, envelope.email], [7, null, 'anna+qa@example.com']);
});

steps.run();

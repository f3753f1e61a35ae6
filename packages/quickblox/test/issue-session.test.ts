import { ContractError, CredentialError, type ResponseError } from '@x/http';
import { manualClock, rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createQuickBlox } from '../src/index.ts';
import { signSession } from '../src/signature/index.ts';
import { anna, application, count, createRig } from './harness.ts';
import vectors from './vectors/signature.json' with { type: 'json' };

const issue = suite('quickblox · session request');

const created = ({ token = 'token', userId = 0 } = {}): Response =>
  new Response(
    JSON.stringify({
      session: {
        id: 1,
        application_id: 716730,
        user_id: userId,
        nonce: 33432,
        ts: 1572434294,
        token,
        created_at: '2019-09-01T14:55:56Z',
        updated_at: '2019-09-01T14:55:56+00:00',
      },
    }),
    { status: 201, headers: { 'content-type': 'application/json' } },
  );

/** Bytes that make a nonce. */
const bytesOf = (nonce: number) => () => new Uint8Array([nonce >>> 24, nonce >>> 16, nonce >>> 8, nonce]);

for (const [name, login] of [
  ['V1', { kind: 'application' }],
  ['V2', { kind: 'login', login: 'amigo30', password: 'amigo30pass' }],
  ['V3', { kind: 'facebook', token: 'AM46dxjhisdffgry26282352fdusdfusdfgsdf' }],
  ['E1', { kind: 'email', email: 'amigo30+qa@example.com', password: 'amigo30pass' }],
  ['E2', { kind: 'login', login: 'amigo30', password: 'p@ss w&rd=1+2%20' }],
  ['E3', { kind: 'login', login: 'zoë', password: 'пароль😀' }],
  ['E5', { kind: 'twitter', token: 'tok', secret: 'sec' }],
  ['E6', { kind: 'facebook', token: 'tok', scope: 'friends_status' }],
  ['E7', { kind: 'firebase-phone', projectId: 'my-app', accessToken: 'a.b-c_d' }],
] as const) {
  for (const hash of ['sha1', 'sha256'] as const) {
    issue(`sends ${name} as a form with exactly the values and the ${hash} signature of the vector`, async () => {
      const vector = vectors.find((one) => one.name === name);
      assert.ok(vector);
      const parameters: Record<string, string> = {
        ...(vector?.parameters as Record<string, string | undefined>),
      } as never;
      const fetch = scriptedFetch([() => created({ userId: login.kind === 'application' ? 0 : 7 })]);
      const quickblox = createQuickBlox({
        applicationId: 716730,
        authKey: 'bbfeCwWtz8dqF4F',
        authSecret: vector?.secret ?? '',
        hash,
        fetch,
        clock: () => Number(parameters['timestamp']) * 1000 + 999,
        random: bytesOf(Number(parameters['nonce'])),
      });
      assert.is(await quickblox.session(login).token(), 'token');
      const [request] = fetch.requests;
      assert.is(request?.url, 'https://api.quickblox.com/session.json');
      assert.match(request?.headers.get('content-type') ?? '', /^application\/x-www-form-urlencoded/);
      assert.is(request?.headers.get('qb-token'), null);
      assert.is(request?.headers.get('authorization'), null);
      const sent = new URLSearchParams(await request?.text());
      assert.equal(Object.fromEntries(sent), { ...parameters, signature: vector?.[hash] });
    });
  }
}

for (const login of [anna, { subject: 'anna', read: () => anna }]) {
  const what = 'read' in login ? 'a source' : login.kind;
  issue(`ends a session of the application where one of a user was asked for, by ${what}`, async () => {
    const end = what === 'a source' ? () => new Response('', { status: 503 }) : () => new Response();
    const fetch = scriptedFetch([() => created(), end]);
    const clock = manualClock(); // so that the refusal counts as long as it is asked for
    const quickblox = createQuickBlox({ applicationId: 1, authKey: 'k', authSecret: 's', fetch, clock });
    const session = quickblox.session(login);
    const error = await rejects(session.token(), CredentialError, 'credential.refused');
    const cause = error.cause as ContractError;
    assert.equal(cause.issues, [{ path: 'session.user_id', expected: 'the id of a user' }]);
    assert.equal([error.provider, cause.provider], ['quickblox', 'quickblox']);
    assert.match(error.message, /^expected a session of a user, the provider created one of the application$/);
    assert.match(cause.message, /^the session is not as documented: /);
    await rejects(session.token(), CredentialError, 'credential.refused');
    fetch.assertConsumed();
    const { method, url, headers } = fetch.requests[1] as Request;
    assert.equal([method, new URL(url).pathname, headers.get('qb-token')], ['DELETE', '/session.json', 'token']);
    assert.is(fetch.requests.length, 2, 'once, whatever comes of it');
  });
}

issue('writes JSON whose every value is the signed text, groups nested', async () => {
  const fetch = scriptedFetch([() => created({ userId: 7 })]);
  const { id, authKey, authSecret } = application;
  const keys = { applicationId: id, authKey, authSecret };
  await createQuickBlox({ ...keys, bodyEncoding: 'json', fetch, clock: () => 5000, random: bytesOf(9) })
    .session(anna)
    .token();
  const [request] = fetch.requests;
  assert.is(request?.headers.get('content-type'), 'application/json');
  const { signature, ...sent } = JSON.parse((await request?.text()) ?? '');
  assert.equal(sent, {
    application_id: '76730',
    auth_key: 'ak_test',
    nonce: '9',
    timestamp: '5',
    user: { login: 'anna', password: anna.password },
  });
  assert.is(signSession(sent, { secret: authSecret }).signature, signature);
});

issue('is not repeated when the network drops it: a POST might have happened', async () => {
  for (const kind of ['drop', 'drop-after'] as const) {
    const { emulator, quickblox, calls } = createRig({ client: { retry: { limit: 3 } } });
    emulator.faults.add({ kind });
    const error = await rejects(quickblox.session().token(), CredentialError, 'credential.renewal-failed');
    assert.is((error.cause as { code?: string }).code, 'http.network');
    assert.equal(calls(), ['POST /session.json dropped']);
  }
});

for (const skewMs of [2 * 3_600_000, -2 * 3_600_000]) {
  issue(`learns the time from a refusal when clocks are ${skewMs} ms apart, with a new nonce`, async () => {
    const { emulator, quickblox, calls, clock, events } = createRig({ settings: { skewMs } });
    const session = quickblox.session(anna);
    await session.token();
    assert.equal(calls(), ['POST /session.json 422', 'POST /session.json 201']);
    assert.equal(emulator.journal.warnings(), []);
    const corrections = () => events.filter(({ type }) => type === 'clock-corrected');
    assert.equal(
      corrections(),
      [{ type: 'clock-corrected', provider: 'quickblox', offsetMs: skewMs + 500 }],
      'Date tells whole seconds',
    );
    await session.info();
    clock.advance(3_600_000);
    await session.info();
    assert.equal(
      calls().slice(2),
      ['GET /session.json 200', 'GET /session.json 200'],
      'expiry is in the server’s time',
    );
    await quickblox.session(anna).token();
    assert.is(count(calls(), 'POST /session.json 422'), 1, 'later sessions begin with the right time');
    assert.is(corrections().length, 1);
  });
}

for (const [what, skewMs] of [
  ['25 hours behind', 25 * 3_600_000],
  ['three days ahead', -72 * 3_600_000],
  ['in 1970', 56 * 365 * 86_400_000],
] as const) {
  issue(
    `goes by the provider’s time when the local clock is ${what}, and by the local one when that is set`,
    async () => {
      const { quickblox, emulator, calls, events } = createRig({ settings: { skewMs } });
      for (let n = 0; n < 3; n += 1) await quickblox.session().token();
      assert.equal(calls(), ['POST /session.json 422', ...Array(3).fill('POST /session.json 201')]);
      const offsets = events.flatMap((event) => (event.type === 'clock-corrected' ? [event.offsetMs] : []));
      assert.equal(offsets, [skewMs + 500]);
      emulator.change({ skewMs: 0 });
      emulator.journal.clear();
      await quickblox.session().token();
      assert.equal(calls(), ['POST /session.json 422', 'POST /session.json 201']);
    },
  );
}

issue('goes by the local clock when the answers’ time is refused as well', async () => {
  const headers = { date: 'Thu, 01 Jan 1970 00:00:00 GMT' };
  const refusal = () => new Response('{"errors":{"base":["Bad timestamp"]}}', { status: 422, headers });
  const fetch = scriptedFetch([refusal, refusal, refusal, () => created()]);
  const quickblox = createQuickBlox({ applicationId: 1, authKey: 'k', authSecret: 's', fetch });
  await rejects(quickblox.session().token(), CredentialError, 'credential.refused');
  assert.is(await quickblox.session().token(), 'token');
  fetch.assertConsumed();
  const seconds = await Promise.all(
    fetch.requests.map(async (one) => Number(new URLSearchParams(await one.text()).get('timestamp'))),
  );
  assert.equal(
    seconds.map((second) => second > 1_000_000),
    [true, false, false, true],
  );
});

issue('learns anew when the clocks part after many good answers', async () => {
  const { quickblox, emulator, calls } = createRig();
  for (let session = 0; session < 6; session += 1) await quickblox.session().token();
  emulator.change({ skewMs: 2 * 3_600_000 });
  emulator.journal.clear();
  assert.is((await quickblox.session().token()).length, 40);
  assert.equal(calls(), ['POST /session.json 422', 'POST /session.json 201']);
});

issue('gives up when the time is refused and the answer gives no other', async () => {
  const refusal = () => new Response('{"errors":{"base":["Bad timestamp"]}}', { status: 422 });
  const fetch = scriptedFetch([refusal]);
  const quickblox = createQuickBlox({ applicationId: 1, authKey: 'k', authSecret: 's', fetch });
  const error = await rejects(quickblox.session().token(), CredentialError, 'credential.refused');
  assert.is((error.cause as ResponseError).code, 'quickblox.bad-timestamp');
  fetch.assertConsumed();
});

issue('tries a corrected time once and not again', async () => {
  const refusal = () =>
    new Response('{"errors":{"base":["Bad timestamp"]}}', {
      status: 422,
      headers: { date: new Date(Date.now() + 7_200_000).toUTCString() },
    });
  const fetch = scriptedFetch([refusal, refusal]);
  const quickblox = createQuickBlox({ applicationId: 1, authKey: 'k', authSecret: 's', fetch });
  await rejects(quickblox.session().token(), CredentialError, 'credential.refused');
  fetch.assertConsumed();
  const nonces = await Promise.all(
    fetch.requests.map(async (one) => new URLSearchParams(await one.text()).get('nonce')),
  );
  assert.is(new Set(nonces).size, 2);
});

for (const [correctionMs, requests] of [
  [60_000, 2],
  [59_999, 1],
] as const) {
  issue(`makes ${requests} of one request when the time was refused and is ${correctionMs} ms off`, async () => {
    const dateMs = Date.UTC(2026, 0, 1);
    const headers = { date: new Date(dateMs).toUTCString() };
    const refusal = () => new Response('{"errors":{"base":["Bad timestamp"]}}', { status: 422, headers });
    const fetch = scriptedFetch([refusal, () => created()].slice(0, requests));
    const clock = () => dateMs + 500 - correctionMs; // Date tells whole seconds, half of one is added
    const token = createQuickBlox({ applicationId: 1, authKey: 'k', authSecret: 's', fetch, clock }).session().token();
    if (requests === 2) assert.is(await token, 'token');
    else await rejects(token, CredentialError, 'credential.refused');
    fetch.assertConsumed();
  });
}

issue('does not take another refusal for one of the time, however far the clocks are apart', async () => {
  const headers = { date: new Date(Date.now() + 7_200_000).toUTCString() };
  const refusal = () => new Response('{"errors":{"base":["Unexpected signature"]}}', { status: 422, headers });
  const fetch = scriptedFetch([refusal]);
  const quickblox = createQuickBlox({ applicationId: 1, authKey: 'k', authSecret: 's', fetch });
  const error = await rejects(quickblox.session().token(), CredentialError, 'credential.refused');
  assert.is((error.cause as ResponseError).code, 'quickblox.bad-signature');
  assert.is(fetch.requests.length, 1);
});

const refusals: readonly [what: string, client: object, code: string][] = [
  ['a wrong secret', { authSecret: 'other' }, 'quickblox.bad-signature'],
  ['a wrong hash', { hash: 'sha256' }, 'quickblox.bad-signature'],
  ['an unknown key', { authKey: 'other' }, 'quickblox.unknown-application'],
  ['an unknown application', { applicationId: 1 }, 'quickblox.unknown-application'],
];
for (const [what, client, code] of refusals) {
  issue(`reports ${what} as ${code}, once`, async () => {
    const { quickblox, calls } = createRig({ client });
    const error = await rejects(quickblox.session().token(), CredentialError, 'credential.refused');
    assert.is((error.cause as ResponseError).code, code);
    assert.equal(calls(), ['POST /session.json 422']);
  });
}

issue('reports a reused nonce', async () => {
  const { quickblox, emulator } = createRig({ client: { random: () => new Uint8Array(4) } });
  await quickblox.session().token();
  const error = await rejects(quickblox.session().token(), CredentialError, 'credential.refused');
  assert.is((error.cause as ResponseError).code, 'quickblox.nonce-reused');
  assert.is(emulator.journal.warnings().length, 1, 'and the emulator warns of it');
});

issue('passes on what a custom identity provider says, in any shape', async () => {
  const identityProvider = () => ({ status: 418, body: '<teapot/>' });
  const { quickblox } = createRig({ applications: [{ ...application, identityProvider }] });
  const error = await rejects(quickblox.session(anna).token(), CredentialError, 'credential.refused');
  const cause = error.cause as ResponseError<{ body: string }>;
  assert.equal([cause.status, cause.code, cause.fault?.body], [418, 'http.rejected', '<teapot/>']);
});

const broken: readonly [what: string, body: string][] = [
  ['no JSON', '<html>'],
  ['nothing', ''],
  ['no session', '{}'],
  ['a session without a token', '{"session":{"id":1}}'],
  ['a token that no header can carry', JSON.stringify({ session: { token: 'a\r\nX: marker' } })],
];
for (const [what, body] of broken) {
  issue(`refuses a success with ${what}`, async () => {
    const fetch = scriptedFetch([() => new Response(body, { status: 201 })]);
    const quickblox = createQuickBlox({ applicationId: 1, authKey: 'k', authSecret: 's', fetch });
    const error = await rejects(quickblox.session().token(), CredentialError, 'credential.renewal-failed');
    assert.ok(error.cause instanceof ContractError);
    assert.not.match(String(error.cause), /marker/);
  });
}

for (const [what, members] of [
  ['no times', { created_at: undefined, updated_at: undefined }],
  ['times of another form', { created_at: '2016-05-02 19:52:00 UTC', updated_at: 7 }],
  ['no echo', { nonce: null, ts: undefined, application_id: '716730' }],
  ['no number', { id: undefined, _id: '5cc9bb58a28f9a406659d777' }],
] as const) {
  issue(`takes a session with ${what}: token and user are all that is needed of it`, async () => {
    const { session } = (await created({ userId: 7 }).json()) as { session: object };
    const odd = (): Response => Response.json({ session: { ...session, ...members } }, { status: 201 });
    const fetch = scriptedFetch([odd]);
    const keys = { applicationId: 1, authKey: 'k', authSecret: 's' };
    assert.is(
      await createQuickBlox({ ...keys, fetch })
        .session(anna)
        .token(),
      'token',
    );
  });
}

for (const userId of [null, undefined]) {
  issue(`takes a user that is ${userId} for none`, async () => {
    const answers = Array.from({ length: 2 }, () => () => Response.json({ session: { token: 't', user_id: userId } }));
    const fetch = scriptedFetch([...answers, () => new Response(null)]);
    const quickblox = createQuickBlox({ applicationId: 1, authKey: 'k', authSecret: 's', fetch });
    assert.is(await quickblox.session().token(), 't');
    await rejects(quickblox.session(anna).token(), CredentialError, 'credential.refused');
    assert.is(fetch.requests.at(-1)?.method, 'DELETE');
  });
}

for (const [what, session] of [
  ['no token', { user_id: 7 }],
  ['a token that no header field takes', { user_id: 7, token: 'a b' }],
  ['a user who is no number', { user_id: '7', token: 't' }],
] as const) {
  issue(`refuses a session with ${what}`, async () => {
    const fetch = scriptedFetch([() => Response.json({ session }, { status: 201 })]);
    const quickblox = createQuickBlox({ applicationId: 1, authKey: 'k', authSecret: 's', fetch });
    const error = await quickblox
      .session(anna)
      .token()
      .catch((thrown: unknown) => thrown as CredentialError);
    assert.ok(error instanceof CredentialError && error.cause instanceof ContractError);
  });
}

issue.run();

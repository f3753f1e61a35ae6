import { Secret } from '@x/crypto';
import { ResponseError } from '@x/http';
import { rejects, scriptedFetch, seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmulator } from '../src/emulator/index.ts';
import { createQuickBlox } from '../src/index.ts';
import { SessionEnvelope, UserEnvelope, UserPage } from '../src/schema.ts';
import { anna, application, createRig } from './harness.ts';

const server = suite('quickblox · server');

server('acts for the application with the API key alone, without any session', async () => {
  const { quickblox, calls } = createRig();
  const { client } = quickblox.server();
  const { items } = await client.get('users.json', { searchParams: { per_page: 1, page: 2 } }).json(UserPage);
  assert.equal(
    items.map(({ login }) => login),
    ['otto'],
  );
  const json = { user: { login: 'new', full_name: 'New' } };
  assert.is((await client.post('users.json', { json }).json(UserEnvelope)).full_name, 'New');
  assert.equal(calls(), ['GET /users.json 200', 'POST /users.json 201']);
});

server('sends the documented fields and no others', async () => {
  const seen: (readonly [string, string])[][] = [];
  const { quickblox } = createRig({
    client: {
      fetch: async (input) => {
        seen.push(
          [...new Request(input).headers].filter(([name]) => /^(authorization|on-behalf-of|qb-.*)$/.test(name)),
        );
        return new Response('{}');
      },
    },
  });
  await quickblox.server().client.get('users.json');
  await quickblox.server({ onBehalfOf: 7 }).client.get('users.json');
  assert.equal(seen, [
    [['authorization', 'ApiKey key_test']],
    [
      ['authorization', 'ApiKey key_test'],
      ['on-behalf-of', '7'],
    ],
  ]);
});

server('acts for a user on what is the user’s', async () => {
  const { quickblox } = createRig();
  await rejects(quickblox.server().client.get('chat/Dialog.json'), ResponseError, 'quickblox.user-required');
  const { client } = quickblox.server({ onBehalfOf: 7 });
  assert.is((await client.get('chat/Dialog.json')).status, 200);
  const json = { user: { full_name: 'Changed' } };
  assert.is((await client.put('users/7.json', { json }).json(UserEnvelope)).full_name, 'Changed');
  await rejects(client.put('users/8.json', { json }), ResponseError, 'http.forbidden');
});

server('reports a user that is unknown and a key that is not valid', async () => {
  const { quickblox } = createRig();
  await rejects(quickblox.server({ onBehalfOf: 999 }).client.get('users.json'), ResponseError, 'http.not-found');
  const other = createRig({ client: { apiKey: 'other' } });
  await rejects(other.quickblox.server().client.get('users.json'), ResponseError, 'quickblox.bad-api-key');
  assert.is(other.calls().length, 1, 'a key cannot be renewed');
});

for (const onBehalfOf of [0, -1, 1.5, Number.NaN, '7' as never]) {
  server(`refuses to act for user ${onBehalfOf}`, () => {
    assert.throws(
      () => createRig().quickblox.server({ onBehalfOf }),
      (error: Error) => error instanceof RangeError && /^onBehalfOf must be a positive integer$/.test(error.message),
    );
  });
}

server('needs the key that it uses, and nothing else', async () => {
  const { id, authKey, authSecret } = application;
  const emulator = createEmulator({ applications: [application] });
  const withoutKey = createQuickBlox({ applicationId: id, authKey, authSecret, fetch: emulator.fetch });
  assert.throws(() => withoutKey.server(), /^TypeError|apiKey must be given/);
  await rejects(withoutKey.createUserToken(7), TypeError, /apiKey must be given/);
  const keyAlone = createQuickBlox({ applicationId: id, apiKey: 'key_test', fetch: emulator.fetch });
  assert.throws(() => keyAlone.session(), /authKey and authSecret must be given for session\(\)/);
  assert.is((await keyAlone.createUserToken(7)).token.length, 40);
});

server.run();

const mint = suite('quickblox · createUserToken');

mint('mints a token that works as the user’s, without the password', async () => {
  const { quickblox, emulator, clock, calls } = createRig();
  const { token, expiresAtMs } = await quickblox.createUserToken(7);
  assert.is(expiresAtMs, clock() + 7_200_000);
  const answer = await emulator.fetch('https://api.quickblox.com/session.json', { headers: { 'QB-Token': token } });
  const text = JSON.stringify(await answer.json());
  assert.match(text, /"user_id":7/);
  assert.equal(calls(), ['POST /users/7/tokens 201', 'GET /session.json 200']);
});

mint('asks with an empty JSON object, for user 1 too', async () => {
  const fetch = scriptedFetch([() => new Response('{}', { status: 404 })]);
  const quickblox = createQuickBlox({ applicationId: 1, apiKey: 'key', fetch });
  await rejects(quickblox.createUserToken(1), ResponseError, 'http.not-found');
  const [request] = fetch.requests;
  assert.is(request?.url, 'https://api.quickblox.com/users/1/tokens');
  assert.is(request?.headers.get('content-type'), 'application/json');
  assert.is(await request?.text(), '{}');
});

mint('reports an unknown user, and is never repeated', async () => {
  const { quickblox, emulator, calls } = createRig({ client: { retry: { limit: 3 } } });
  await rejects(quickblox.createUserToken(999), ResponseError, 'http.not-found');
  emulator.faults.add({ kind: 'status', status: 503 });
  await rejects(quickblox.createUserToken(7), ResponseError, 'http.server');
  assert.equal(calls(), ['POST /users/999/tokens 404', 'POST /users/7/tokens 503']);
});

for (const userId of [0, -7, 7.5, '7/../8']) {
  mint(`refuses user ${userId}`, async () => {
    await rejects(createRig().quickblox.createUserToken(userId as number), RangeError, /userId must be a positive/);
  });
}

mint.run();

const apart = suite('quickblox · applications in one process');

apart('keeps keys, hashes, users and sessions of two applications apart', async () => {
  const second = {
    ...application,
    id: 5,
    authKey: 'ak_two',
    authSecret: 'as_two',
    hash: 'sha256',
    apiKeys: ['two'],
  } as const;
  const otto = { kind: 'login', login: 'anna', password: 'other' } as const;
  const emulator = createEmulator({
    applications: [application, { ...second, users: [{ id: 70, login: 'anna', password: 'other' }] }],
  });
  const common = { fetch: emulator.fetch };
  const one = createQuickBlox({
    ...common,
    applicationId: 76730,
    authKey: 'ak_test',
    authSecret: 'as_test',
    apiKey: 'key_test',
  });
  const two = createQuickBlox({
    ...common,
    applicationId: 5,
    authKey: 'ak_two',
    authSecret: 'as_two',
    hash: 'sha256',
    apiKey: 'two',
  });
  const sessions = [one.session(anna), two.session(otto), one.session(), two.session()];
  const infos = await Promise.all(sessions.map((session) => session.info()));
  assert.equal(
    infos.map(({ applicationId, userId }) => [applicationId, userId]),
    [
      [76730, 7],
      [5, 70],
      [76730, 0],
      [5, 0],
    ],
  );
  const totals = await Promise.all([one, two].map((each) => each.server().client.get('users.json').json(UserPage)));
  assert.equal(
    totals.map(({ total_entries }) => total_entries),
    [2, 1],
  );
  assert.equal(emulator.journal.warnings(), []);
});

apart('sends a session’s token to its own origin only', async () => {
  const seen: [string, string | null][] = [];
  const { quickblox, emulator } = createRig({
    client: {
      fetch: async (input, init) => {
        const request = new Request(input, init);
        seen.push([new URL(request.url).host, request.headers.get('qb-token')]);
        if (request.url.includes('session')) return emulator.fetch(request);
        const elsewhere = 'https://storage.example/file';
        return request.url.startsWith(elsewhere)
          ? new Response('content')
          : new Response(null, { status: 302, headers: { location: elsewhere } });
      },
    },
  });
  const session = quickblox.session();
  await session.client.get('blobs/1.json');
  await session.client.get('https://storage.example/file');
  assert.equal(
    seen.map(([host, token]) => [host, token === null ? 'bare' : 'token']),
    [
      ['api.quickblox.com', 'bare'],
      ['api.quickblox.com', 'token'],
      ['storage.example', 'bare'],
      ['storage.example', 'bare'],
    ],
  );
});

apart('gives the same requests and answers under the same clock and random source', async () => {
  const run = async (): Promise<unknown> => {
    const { quickblox, emulator } = createRig({ client: { random: seededRandom(9) } });
    const session = quickblox.session(anna);
    return [
      await session.token(),
      await session.client.get('session.json').json(SessionEnvelope),
      emulator.journal.entries,
    ];
  };
  assert.is(JSON.stringify(await run()), JSON.stringify(await run()));
});

apart.run();

const withdraw = suite('quickblox · deleteUserToken and flushUserTokens');
const withGuesses = () => createRig({ client: { unconfirmed: {} } });

withdraw('end one token, or all of a user’s, at the guessed paths', async () => {
  const { quickblox, emulator, calls } = withGuesses();
  const { token } = await quickblox.createUserToken(7);
  await quickblox.createUserToken(7);
  await quickblox.createUserToken(8);
  await quickblox.deleteUserToken(7, new Secret(token));
  assert.equal(
    emulator.sessions().map(({ userId }) => userId),
    [7, 8],
  );
  await quickblox.flushUserTokens(7);
  assert.equal(
    emulator.sessions().map(({ userId }) => userId),
    [8],
  );
  assert.equal(calls().slice(3), ['DELETE /users/7/tokens/… 200', 'DELETE /users/7/tokens 200']);
});

withdraw('never end more than the one token that is named', async () => {
  const fetch = scriptedFetch([]);
  const quickblox = createQuickBlox({ applicationId: 1, apiKey: 'key', fetch, unconfirmed: {} });
  for (const token of ['.', '..', new Secret('..')]) {
    await rejects(quickblox.deleteUserToken(7, token), TypeError, /^token must be that of a session$/);
  }
  await rejects(quickblox.deleteUserToken(7, ''), TypeError, /must be text/);
  assert.equal(fetch.requests, []);
});

withdraw('go where they are told, with the token escaped', async () => {
  const fetch = scriptedFetch([() => new Response(null), () => new Response(null)]);
  const unconfirmed = {
    deleteUserToken: '{userId}/tokens/{userId}/{token}.json',
    flushUserTokens: 'tokens/{userId}.json',
  };
  const quickblox = createQuickBlox({ applicationId: 1, apiKey: 'key', fetch, unconfirmed });
  await quickblox.deleteUserToken(7, 'a/b$&?');
  await quickblox.flushUserTokens(7);
  assert.equal(
    fetch.requests.map(({ method, url }) => `${method} ${url}`),
    [
      'DELETE https://api.quickblox.com/7/tokens/7/a%2Fb%24%26%3F.json',
      'DELETE https://api.quickblox.com/tokens/7.json',
    ],
  );
});

withdraw('are refused unless they are allowed, and for what is no user', async () => {
  const { quickblox, calls } = createRig();
  await rejects(quickblox.deleteUserToken(7, 't'), TypeError, /^unconfirmed must be given for deleteUserToken\(\)/);
  await rejects(quickblox.flushUserTokens(7), TypeError, /^unconfirmed must be given for flushUserTokens\(\)/);
  await rejects(withGuesses().quickblox.flushUserTokens(0), RangeError, /^userId must be a positive integer$/);
  await rejects(withGuesses().quickblox.deleteUserToken(7, ''), TypeError, /secret must be text/);
  assert.equal(calls(), []);
});

withdraw('show no token in events', async () => {
  const { quickblox, events } = withGuesses();
  const { token } = await quickblox.createUserToken(7);
  await quickblox.deleteUserToken(7, token);
  assert.not.match(JSON.stringify(events), new RegExp(token));
});

withdraw.run();

const credentials = suite('quickblox · credentials of a client');

for (const name of ['QB-Token', 'Authorization', 'On-Behalf-Of']) {
  credentials(`refuses ${name} beside its own, and lets it go elsewhere`, async () => {
    const { quickblox, calls } = createRig();
    for (const { client } of [quickblox.server(), quickblox.session()]) {
      const call = client.get('users.json', { headers: { [name]: '1' } });
      await rejects(call, TypeError, new RegExp(`^header field ${name} is set by the client itself$`));
      const extended = client.extend({ headers: { [name.toLowerCase()]: '1' } });
      await rejects(extended.get('users.json'), TypeError, new RegExp(name));
      const hooks = { beforeRequest: [({ request }: { request: Request }) => request.headers.set(name, '1')] };
      await rejects(client.extend({ hooks }).get('users.json'), TypeError, new RegExp(name));
      await rejects(client.post('users.json', { hooks, json: {} }), TypeError, new RegExp(name));
    }
    assert.equal(calls(), []);
    const fetch = scriptedFetch([(request) => new Response(request.headers.get(name))]);
    const { client } = createQuickBlox({ applicationId: 1, apiKey: 'key', fetch }).server();
    assert.is(await client.get('https://storage.example/', { headers: { [name]: 'theirs' } }).text(), 'theirs');
  });
}

credentials.run();

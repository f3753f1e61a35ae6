import { getEventListeners } from 'node:events';
import { Secret } from '@x/crypto';
import { RequestError, ResponseError } from '@x/http';
import { type ManualClock, manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDiscovery } from '../src/discovery.ts';
import { createEmulator, type Emulator } from '../src/emulator/index.ts';
import { type CreateQuickBloxOptions, createQuickBlox, type QuickBlox, type QuickBloxEvent } from '../src/index.ts';
import { readOptions } from '../src/options.ts';
import { createDialog, createUser, getUser, updateUser } from '../src/resources/index.ts';
import { anna, application, inVirtualTime } from './harness.ts';

const shared = 'https://api.quickblox.com';
const own = 'https://apicustomer.quickblox.com';

/** A client whose requests can be seen as they leave, with the host that they leave for. */
interface Rig {
  readonly clock: ManualClock;
  readonly emulator: Emulator;
  readonly quickblox: QuickBlox;
  /** `GET https://api.quickblox.com/users/7.json`. */
  readonly sent: string[];
  readonly requests: Request[];
  readonly events: QuickBloxEvent[];
}

function createRig(client: Partial<CreateQuickBloxOptions> = {}, apiEndpoint: string = own): Rig {
  const clock = manualClock();
  const emulator = createEmulator({ applications: [application], clock, apiEndpoint });
  const sent: string[] = [];
  const requests: Request[] = [];
  const events: QuickBloxEvent[] = [];
  const quickblox = createQuickBlox({
    applicationId: application.id,
    authKey: application.authKey,
    authSecret: application.authSecret,
    apiKey: 'key_test',
    accountKey: 'account_test',
    clock,
    retry: { limit: 0 },
    onEvent: (event) => events.push(event),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push(`${request.method} ${request.url}`);
      requests.push(request.clone());
      return emulator.fetch(request);
    },
    ...client,
  } as CreateQuickBloxOptions);
  return { clock, emulator, quickblox, sent, requests, events };
}

/** Lets what nobody waits for come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const asked = `GET ${shared}/account_settings.json`;
const discovery = suite('quickblox · discovery');

discovery('asks the shared host first, with the account key alone, and then goes to the account’s own', async () => {
  const { quickblox, sent, requests, events } = createRig();
  assert.equal(sent, [], 'nothing before it is needed');
  const { client } = quickblox.server();
  await Promise.all([getUser(client, 7), getUser(client, 8)]);
  assert.equal(sent, [asked, `GET ${own}/users/7.json`, `GET ${own}/users/8.json`]);
  const [question, ...others] = requests;
  assert.is(question?.headers.get('qb-account-key'), 'account_test');
  for (const name of ['qb-token', 'authorization']) assert.is(question?.headers.get(name), null);
  for (const { headers } of others) {
    assert.equal([headers.get('authorization'), headers.get('qb-account-key')], ['ApiKey key_test', null]);
  }
  assert.equal(
    events.filter(({ type }) => type.startsWith('endpoint')),
    [{ type: 'endpoint-discovered', provider: 'quickblox', url: own }],
  );
});

discovery('moves methods, queries and bodies whole', async () => {
  const { quickblox, sent, requests } = createRig();
  const { client } = quickblox.server();
  const { id } = await createUser(client, { login: 'zoë', full_name: 'пароль😀' });
  await updateUser(client, { id, changes: { custom_data: 'x'.repeat(100_000) } });
  await client.get('users.json?filter[]=number%20id%20gt%207&a=%2B');
  assert.equal(sent.slice(1), [
    `POST ${own}/users.json`,
    `PUT ${own}/users/${id}.json`,
    `GET ${own}/users.json?filter[]=number%20id%20gt%207&a=%2B`,
  ]);
  assert.equal(await requests[1]?.json(), { user: { login: 'zoë', full_name: 'пароль😀' } });
  assert.is(requests[1]?.headers.get('content-type'), 'application/json');
});

discovery('goes for sessions too, renewal and replay included', async () => {
  const { quickblox, emulator, sent } = createRig();
  const session = quickblox.session(anna);
  await createDialog(session.client, { type: 1 });
  emulator.endSessions();
  await createDialog(session.client, { type: 1 });
  assert.equal(sent, [
    asked,
    `POST ${own}/session.json`,
    `POST ${own}/chat/Dialog.json`,
    `POST ${own}/chat/Dialog.json`,
    `POST ${own}/session.json`,
    `POST ${own}/chat/Dialog.json`,
  ]);
});

discovery('asks again after an hour of use, once, and waits for nothing then', async () => {
  const { quickblox, emulator, clock, sent } = createRig();
  const { client } = quickblox.server();
  await getUser(client, 7);
  clock.advance(3_599_999);
  await getUser(client, 7);
  assert.is(sent.filter((one) => one === asked).length, 1);
  clock.advance(1);
  emulator.change({ apiEndpoint: 'https://apinew.quickblox.com' });
  await Promise.all([getUser(client, 7), getUser(client, 7)]);
  await settle();
  await getUser(client, 7);
  assert.is(sent.filter((one) => one === asked).length, 2);
  assert.equal(sent.filter((one) => one !== asked).slice(2), [
    `GET ${own}/users/7.json`,
    `GET ${own}/users/7.json`,
    'GET https://apinew.quickblox.com/users/7.json',
  ]);
});

discovery('tells the platform of every question, which may outlive the request', async () => {
  const told: Promise<unknown>[] = [];
  const { quickblox, clock, sent } = createRig({ waitUntil: (work) => told.push(work) });
  const { client } = quickblox.server();
  await getUser(client, 7);
  assert.is(told.length, 1);
  clock.advance(3_600_000);
  await getUser(client, 7);
  assert.is(told.length, 2);
  await told[1];
  assert.is(sent.filter((one) => one === asked).length, 2);
});

discovery('asks again when the clock was set back', async () => {
  const { quickblox, clock, sent, events } = createRig();
  const { client } = quickblox.server();
  await getUser(client, 7);
  clock.advance(-1);
  await getUser(client, 7);
  await settle();
  assert.is(sent.filter((one) => one === asked).length, 2);
  assert.is(events.filter(({ type }) => type === 'endpoint-discovered').length, 1, 'it is the same host');
});

for (const [what, fault] of Object.entries({
  'a lost connection': { kind: 'drop' },
  'a failure of the server': { kind: 'status', status: 503, body: '<html>' },
  'an answer that is no JSON': { kind: 'status', status: 200, body: '<html>' },
  'an answer of another shape': { kind: 'status', status: 200, body: '{"api_endpoint":7}' },
} as const)) {
  discovery(`stays with the shared host after ${what}, and asks again in a minute`, async () => {
    const { quickblox, emulator, clock, sent } = createRig();
    const { client } = quickblox.server();
    emulator.faults.add(fault, { path: '/account_settings.json' });
    await getUser(client, 7);
    clock.advance(59_999);
    await getUser(client, 7);
    assert.equal(sent, [asked, `GET ${shared}/users/7.json`, `GET ${shared}/users/7.json`]);
    clock.advance(1);
    await getUser(client, 7);
    await settle();
    await getUser(client, 7);
    assert.is(sent.at(-1), `GET ${own}/users/7.json`);
  });
}

discovery('stays with the account’s host when asking again fails', async () => {
  const { quickblox, emulator, clock, sent, events } = createRig();
  const { client } = quickblox.server();
  await getUser(client, 7);
  for (const apiEndpoint of ['https://attacker.example', 'http://apicustomer.quickblox.com']) {
    clock.advance(3_600_000);
    emulator.change({ apiEndpoint });
    await getUser(client, 7);
    await settle();
    await getUser(client, 7);
    assert.equal(sent.slice(-1), [`GET ${own}/users/7.json`]);
  }
  assert.is(events.filter(({ type }) => type === 'endpoint-refused').length, 2);
  assert.ok(events.every(({ provider }) => provider === 'quickblox'));
  assert.not.ok(sent.some((one) => one.includes('attacker')));
});

const moves: readonly [name: string, location: string, next: string, carries: boolean][] = [
  ['its own host', `${own}/users/8.json`, `${own}/users/8.json`, true],
  ['the shared host', `${shared}/users/8.json`, `${own}/users/8.json`, true],
  ['a path', '/users/8.json', `${own}/users/8.json`, true],
  ['another host', 'https://files.example.net/8', 'https://files.example.net/8', false],
  ['its own host by plain HTTP', `http${own.slice(5)}/users/8.json`, `http${own.slice(5)}/users/8.json`, false],
];
for (const [name, location, next, carries] of moves) {
  discovery(`a redirect of the account’s host to ${name} ${carries ? 'keeps' : 'loses'} the credential`, async () => {
    const requests: Request[] = [];
    const { quickblox, emulator } = createRig({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (request.url === `${shared}/account_settings.json`) return emulator.fetch(request);
        requests.push(request);
        return requests.length === 1
          ? new Response(null, { status: 307, headers: { location, 'x-kept': '1' } })
          : Response.json({});
      },
    });
    await quickblox.server().client.get('users/7.json');
    assert.equal(
      requests.map(({ url, headers }) => [url, headers.get('authorization')]),
      [
        [`${own}/users/7.json`, 'ApiKey key_test'],
        [next, carries ? 'ApiKey key_test' : null],
      ],
    );
  });
}

discovery('an answer that only names a place is left as it is', async () => {
  const { quickblox, emulator } = createRig({
    fetch: async (input, init) =>
      String(input instanceof Request ? input.url : input).endsWith('account_settings.json')
        ? emulator.fetch(new Request(input, init))
        : new Response('text', { status: 201, headers: { location: `${own}/users/8.json` } }),
  });
  const response = await quickblox.server().client.get('users/7.json');
  assert.equal([response.headers.get('location'), await response.text()], [`${own}/users/8.json`, 'text']);
});

discovery('sends no credential to any other host', async () => {
  const { quickblox, sent, requests } = createRig();
  const { client } = quickblox.server();
  await client.get('https://other.example/users.json').catch(() => undefined);
  assert.equal(sent, ['GET https://other.example/users.json']);
  assert.is(requests[0]?.headers.get('authorization'), null);
});

discovery('leaves a request half of its time when nobody says where the account is', () =>
  inVirtualTime(async () => {
    const { emulator } = createRig();
    const { quickblox } = createRig({
      timeoutMs: 200,
      fetch: async (input) => {
        const request = input as Request;
        if (request.url !== `${shared}/account_settings.json`) return emulator.fetch(request);
        return new Promise((_, reject) =>
          request.signal.addEventListener('abort', () => reject(request.signal.reason)),
        );
      },
    });
    assert.is((await getUser(quickblox.server().client, 7)).id, 7);
    createRig({ timeoutMs: 1 }); // of which half is no time that a client can be given
  }),
);

discovery('is off with a base URL of one’s own, and without an account key', async () => {
  for (const client of [{ baseUrl: 'https://apifixed.quickblox.com' }, { accountKey: undefined }]) {
    const { quickblox, sent } = createRig(client);
    await getUser(quickblox.server().client, 7);
    assert.equal(sent, [`GET ${client.baseUrl ?? shared}/users/7.json`]);
  }
});

discovery('lets go of a request that is given up while it waits, and of no other', async () => {
  const controller = new AbortController();
  const waiting: (() => void)[] = [];
  const { quickblox, emulator } = createRig();
  const held = createQuickBlox({
    applicationId: application.id,
    apiKey: 'key_test',
    accountKey: 'account_test',
    retry: { limit: 0 },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (request.url.endsWith('/account_settings.json')) await new Promise<void>((resolve) => waiting.push(resolve));
      return emulator.fetch(request);
    },
  });
  const { client } = held.server();
  const ended: string[] = [];
  const note = (name: string) => () => void ended.push(name);
  const given = getUser(client, 7, { signal: controller.signal });
  const kept = getUser(client, 8);
  given.catch(note('given'));
  kept.then(note('kept'));
  await settle();
  controller.abort();
  await settle();
  assert.equal(ended, ['given'], 'at once, and not when the question has ended');
  await rejects(given, RequestError, 'http.aborted');
  await rejects(getUser(client, 7, { signal: controller.signal }), RequestError, 'http.aborted');
  waiting[0]?.();
  assert.is((await kept).id, 8);
  assert.is(waiting.length, 1);
  assert.is(quickblox.baseUrl, `${shared}/`);
});

discovery('ends what was given up before it began as a fetch does', async () => {
  const late = async () => {
    await settle();
    return new Response('{}', { status: 404 });
  };
  const options = readOptions({ applicationId: 1, apiKey: 'key', accountKey: 'account', fetch: late });
  const fetch = createDiscovery(options, new Secret('account'));
  const signal = AbortSignal.abort(new RangeError('given up'));
  await rejects(fetch(`${shared}/users.json`, { signal }), RangeError, /^given up$/);
  await rejects(fetch(new Request(`${shared}/users.json`, { signal })), RangeError, /^given up$/);
  const kept = new AbortController().signal;
  assert.is((await fetch(`${shared}/users.json`, { signal: kept })).status, 404);
  assert.equal(getEventListeners(kept, 'abort'), [], 'a signal that lives long gathers nothing');
});

discovery.run();

const settings = suite('quickblox · accountSettings');

settings('tells the account’s servers, from the shared host', async () => {
  const { quickblox, sent, requests } = createRig();
  const told = await quickblox.accountSettings();
  assert.equal(told, {
    api_endpoint: own,
    chat_endpoint: 'api.quickblox.com',
    turnserver_endpoint: 'api.quickblox.com',
  });
  assert.equal(sent, [asked]);
  assert.is(requests[0]?.headers.get('authorization'), null);
});

for (const [baseUrl, host] of [
  ['http://127.0.0.1:1/', 'http://127.0.0.1:1'],
  ['https://proxy.example/', 'https://proxy.example'],
  ['https://notquickblox.com/', 'https://notquickblox.com'],
  [own, shared],
  ['https://api.eu.quickblox.com/', shared],
] as const) {
  settings(`asks ${host} where the base URL is ${baseUrl}`, async () => {
    const { quickblox, sent } = createRig({ baseUrl });
    await quickblox.accountSettings();
    assert.equal(sent, [`GET ${host}/account_settings.json`]);
  });
}

settings('keep the pace of the limiter', async () => {
  const rateLimiter = {
    taken: 0,
    async acquire() {
      this.taken += 1;
    },
    penalize() {},
  };
  for (const baseUrl of [own, undefined]) {
    await createRig({ baseUrl, rateLimiter: rateLimiter as never }).quickblox.accountSettings();
  }
  assert.is(rateLimiter.taken, 2);
});

settings('refuses without an account key, and passes on what is refused', async () => {
  await rejects(
    createRig({ accountKey: undefined }).quickblox.accountSettings(),
    TypeError,
    /accountKey must be given/,
  );
  await rejects(createRig({ accountKey: 'wrong' }).quickblox.accountSettings(), ResponseError, 'http.unauthorized');
});

settings('keeps the account key to itself', async () => {
  const { quickblox, events, emulator } = createRig({ accountKey: 'MARKER_account' });
  const error = await quickblox.accountSettings().catch((failure: unknown) => failure);
  await getUser(quickblox.server().client, 7);
  const shown = [String(error), JSON.stringify([error, events, emulator.journal, quickblox])].join();
  assert.not.match(shown, /MARKER/);
  assert.throws(
    () => createRig({ accountKey: 'MARKER key' }),
    (failure: TypeError) =>
      /^accountKey must be visible ASCII/.test(failure.message) && !/MARKER/.test(failure.message),
  );
});

settings.run();

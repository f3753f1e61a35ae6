import { Secret } from '@x/crypto';
import { CredentialError, createServerTime, type XError } from '@x/http';
import { memoryStore, type Store } from '@x/http/store';
import { manualClock, rejects, seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readOptions } from '../src/options.ts';
import { createSessionCredential } from '../src/session-credential.ts';
import { toSubject } from '../src/subject.ts';
import { anna, count, createGate, createRig, inVirtualTime } from './harness.ts';

const created = 'POST /session.json 201';

/** A memory store that remembers what was written under which key, turns at issuing left out. */
function spiedStore(): Store & { readonly written: Map<string, string> } {
  const written = new Map<string, string>();
  const store = memoryStore({ clock: manualClock() });
  const note = (key: string, value: unknown): void => {
    if (!key.endsWith('%lease') && value !== undefined) written.set(key, JSON.stringify(value));
  };
  return {
    written,
    get: (key) => store.get(key),
    set(key, value, options) {
      note(key, value);
      return store.set(key, value, options);
    },
    delete: (key) => store.delete(key),
    async compareAndSet(key, expected, next, options) {
      const swapped = await store.compareAndSet(key, expected, next, options);
      if (swapped) note(key, next);
      return swapped;
    },
  };
}

const share = suite('quickblox · sessions in a store');

share('gives one session to all who prove the same user', async () => {
  const { quickblox, calls } = createRig({ store: memoryStore({ clock: manualClock() }) });
  const [one, two] = [quickblox.session(anna), quickblox.session(anna)];
  assert.is(await one.token(), await two.token());
  assert.equal(calls(), [created]);
});

share('gives nothing to who has only the user’s name', async () => {
  const { quickblox, calls } = createRig({ store: memoryStore({ clock: manualClock() }) });
  await quickblox.session(anna).token();
  await quickblox
    .session({ ...anna, password: 'guess' })
    .token()
    .then(
      () => assert.unreachable('a wrong password was given a session'),
      () => {},
    );
  assert.equal(calls(), [created, 'POST /session.json 401']);
});

for (const [what, client, code] of [
  ['another secret', { authSecret: 'WRONG' }, 'quickblox.bad-signature'],
  ['another key', { authKey: 'other' }, 'quickblox.unknown-application'],
] as const) {
  share(`gives nobody with ${what} the application’s session`, async () => {
    const store = memoryStore({ clock: manualClock() });
    const { quickblox, emulator } = createRig({ store });
    await quickblox.session().token();
    const stranger = createRig({
      store,
      client: { ...client, fetch: emulator.fetch, random: seededRandom(9) },
    }).quickblox.session();
    const error = await rejects(stranger.token(), CredentialError, 'credential.refused');
    assert.is((error.cause as XError).code, code);
  });
}

share('tells every process why a login was refused', async () => {
  const { quickblox, calls } = createRig({ store: memoryStore({ clock: manualClock() }) });
  for (let n = 0; n < 2; n += 1) {
    const session = quickblox.session({ ...anna, password: 'wrong' });
    const error = await rejects(session.token(), CredentialError, 'credential.refused');
    assert.is((error.cause as XError).code, 'quickblox.bad-credentials');
  }
  assert.equal(calls(), ['POST /session.json 401'], 'and it is asked for once');
});

share('sends nothing for a credential that is left, and hands on what was on its way', async () => {
  let asked = 0;
  const arrived = createGate();
  const issueSession = async () => {
    asked += 1;
    await arrived.opened;
    return { token: 'late', userId: 7 };
  };
  const options = readOptions({ applicationId: 1, authKey: 'k', authSecret: 's' });
  const subject = toSubject(anna, { authKey: 'k', authSecret: new Secret('s') });
  const serverTime = createServerTime(manualClock());
  const parts = { options, subject, issueSession, serverTime, store: undefined };
  const one = createSessionCredential({ ...parts, onOvertaken: () => assert.unreachable('nothing took its place') });
  const waiting = one.get({});
  await new Promise(setImmediate);
  const received: object[] = [];
  assert.equal(
    one.retire((session) => received.push(session)),
    [],
  );
  arrived.open();
  await rejects(waiting, CredentialError, 'credential.superseded');
  assert.equal(received, [{ token: 'late', userId: 7 }]);
  await rejects(one.get({}), CredentialError, 'credential.superseded');
  assert.is(asked, 1);
});

share('names provider, application, base URL and subject in the key, and no password anywhere', async () => {
  const store = spiedStore();
  const { quickblox } = createRig({ store });
  const token = await quickblox.session(anna).token();
  await quickblox.session().token();
  const [user = '', own = ''] = [...store.written.keys()];
  assert.match(user, /^quickblox\/76730\/https:%2F%2Fapi\.quickblox\.com%2F\/[\w-]{43}$/);
  assert.match(own, /^quickblox\/76730\/https:%2F%2Fapi\.quickblox\.com%2F\/[\w-]{43}$/);
  assert.is.not(own, user);
  for (const text of [...store.written].flat()) assert.not.match(text, /anna|p@ss|as_test/);
  assert.ok(store.written.get(user)?.includes(token));
});

share('keeps applications and endpoints apart in one store', async () => {
  const store = spiedStore();
  for (const client of [
    { applicationId: 76730 },
    { baseUrl: 'https://apicustomer.quickblox.com' },
    { baseUrl: 'https://apiother.quickblox.com' },
  ]) {
    await createRig({ store, client }).quickblox.session().token();
  }
  assert.is(store.written.size, 3);
});

share('never upgrades a session that others may be using', async () => {
  const store = memoryStore({ clock: manualClock() });
  const { quickblox, emulator } = createRig({ store });
  const [other, session] = [quickblox.session(), quickblox.session()];
  await other.token();
  await session.login(anna);
  assert.is((await other.info()).userId, 0);
  assert.is((await quickblox.session().info()).userId, 0);
  assert.is((await session.info()).userId, 7);
  assert.is(await quickblox.session(anna).token(), await session.token(), 'the user’s is shared with the user’s');
  assert.is(emulator.sessions().length, 2);
});

for (const [how, timeoutMs, patience] of [
  ['longer than it asks QuickBlox', 200, undefined],
  ['longer than its caller', undefined, new AbortController()],
] as const) {
  share(`waits for the renewal of another process no ${how}, and leaves nothing behind`, () =>
    inVirtualTime(async (elapsedMs) => {
      const store = memoryStore({ clock: manualClock() });
      const arrived = createGate();
      const { emulator } = createRig();
      const stalling: typeof fetch = async (input, init) => {
        await arrived.opened;
        return emulator.fetch(input, init);
      };
      const other = createRig({ store, client: { fetch: stalling, random: seededRandom(9) } }).quickblox.session(anna);
      const late = other.token();
      await new Promise(setImmediate);
      const platform = timeoutMs === undefined ? {} : { timeoutMs };
      const looked = createGate();
      const watched: Store = {
        ...store,
        get(key) {
          looked.open();
          return store.get(key);
        },
      };
      const client = { fetch: emulator.fetch, ...platform };
      const session = createRig({ store: watched, client }).quickblox.session();
      const login = session.login(anna, patience === undefined ? {} : { signal: patience.signal });
      await looked.opened; // QuickBlox has accepted the login
      patience?.abort();
      assert.is((await login).id, 7);
      assert.ok(elapsedMs() <= 200, `${elapsedMs()} ms`);
      const token = await session.token();
      assert.equal(
        emulator.sessions().map(({ userId }) => userId),
        [7],
        'the other process has still got no answer',
      );
      arrived.open();
      assert.is(await late, token);
      assert.is((await session.info()).userId, 7);
      await other.destroy();
      assert.equal(emulator.sessions(), []);
    }),
  );
}

share('destroys a user’s session on logout, so that nobody goes on with half of it', async () => {
  const { quickblox, calls } = createRig({ store: memoryStore({ clock: manualClock() }) });
  const [other, session] = [quickblox.session(anna), quickblox.session(anna)];
  await other.token();
  await session.logout();
  assert.is((await session.info()).userId, 0);
  assert.is((await other.info()).userId, 7);
  assert.equal(calls(), [
    created,
    'DELETE /session.json 200',
    created,
    'GET /session.json 200',
    'GET /session.json 401',
    created,
    'GET /session.json 200',
  ]);
});

share('destroys what the store holds, also when this object never used it', async () => {
  const { quickblox, emulator } = createRig({ store: memoryStore({ clock: manualClock() }) });
  await quickblox.session(anna).token();
  await quickblox.session(anna).destroy();
  assert.equal(emulator.sessions(), []);
});

share('does not take a session from the store again that was refused', async () => {
  const { quickblox, emulator, calls } = createRig({ store: memoryStore({ clock: manualClock() }) });
  const [one, two] = [quickblox.session(), quickblox.session()];
  await one.token();
  await two.token();
  emulator.endSessions();
  await one.client.get('users.json');
  await two.client.get('users.json');
  assert.is(count(calls(), created), 2);
});

const foreign = [
  ...[null, 7, 'token', [], {}, { token: '', userId: 0 }, { token: 'a\r\nb', userId: 0 }, { token: 't' }],
  ...[
    { token: 't', userId: 0, expiresAtMs: 'soon' },
    { token: 't', userId: '0' },
  ],
];
for (const value of foreign) {
  share(`counts ${JSON.stringify(value)} in the store as absent`, async () => {
    const store = memoryStore({ clock: manualClock() });
    const { quickblox, calls } = createRig({ store });
    const session = quickblox.session();
    const spied = spiedStore();
    await createRig({ store: spied }).quickblox.session().token();
    const [key = ''] = spied.written.keys();
    await store.set(key, value);
    await session.destroy();
    assert.equal(await store.get(key), value);
    assert.is((await session.info()).userId, 0);
    assert.equal(calls(), [created, 'GET /session.json 200']);
  });
}

share('goes on when the store fails, and says so', async () => {
  const fail = async (): Promise<never> => {
    throw new Error('unreachable store');
  };
  const { quickblox, events } = createRig({ store: { get: fail, set: fail, delete: fail, compareAndSet: fail } });
  assert.is((await quickblox.session(anna).info()).userId, 7);
  const failure = events.find(({ type }) => type === 'credential-store-failed');
  assert.is(failure?.provider, 'quickblox');
});

share('passes the end of its caller’s patience on to a source of logins', async () => {
  let given: AbortSignal | undefined;
  const read = ({ signal }: { readonly signal?: AbortSignal | undefined }) => {
    given = signal;
    return anna;
  };
  await createRig().quickblox.session({ subject: 'anna', read }).token();
  assert.ok(given instanceof AbortSignal);
});

share.run();

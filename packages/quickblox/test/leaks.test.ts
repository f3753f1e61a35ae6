import { inspect } from 'node:util';
import { memoryStore } from '@x/http/store';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EmulatedApplication } from '../src/emulator/index.ts';
import type { UserLogin } from '../src/index.ts';
import { createRig } from './harness.ts';

/** Every secret that takes part, so that one pattern finds any of them. */
const marker = /MARKER/i;
const application: EmulatedApplication = {
  id: 76730,
  authKey: 'ak_test',
  authSecret: 'as_MARKER_secret',
  apiKeys: ['MARKER_api_key'],
  users: [
    {
      id: 7,
      login: 'anna',
      password: 'MARKER_password',
      identities: [{ provider: 'facebook', token: 'MARKER_facebook' }],
    },
  ],
};
const right: UserLogin = { kind: 'login', login: 'anna', password: 'MARKER_password' };
const wrong: UserLogin = { kind: 'login', login: 'anna', password: 'MARKER_wrong' };

/** All that a log might be given of an error, its causes and hidden members included. */
function shown(value: unknown): string {
  const options = { depth: 12, showHidden: true, getters: true, maxStringLength: null, maxArrayLength: null } as const;
  const { cause, stack } = value as { cause?: unknown; stack?: unknown };
  return [
    String(value),
    JSON.stringify(value),
    inspect(value, options),
    String(stack),
    ...(cause === undefined ? [] : [shown(cause)]),
  ].join('\n');
}

const leaks = suite('quickblox · leaks');

leaks('shows no secret and no token in objects, events, errors or the journal', async () => {
  const { quickblox, emulator, events } = createRig({
    applications: [application],
    client: { authSecret: 'as_MARKER_secret', apiKey: 'MARKER_api_key' },
    store: memoryStore(),
  });
  const session = quickblox.session(right);
  const token = await session.token();
  const errors: unknown[] = [];
  const failing = [
    () => quickblox.session(wrong).token(),
    () => quickblox.session().login(wrong),
    () => quickblox.session({ kind: 'facebook', token: 'MARKER_unknown' }).info(),
    () => quickblox.session({ kind: 'firebase-phone', projectId: 'p', accessToken: 'MARKER.id.token' }).info(),
    () => quickblox.session({ subject: 's', read: () => Promise.reject(new Error('MARKER in a source')) }).info(),
    () => session.client.get('users/999.json', { searchParams: { token: 'MARKER_query' } }),
    () => quickblox.server({ onBehalfOf: 999 }).client.get('users.json'),
    () => quickblox.createUserToken(999),
    () => {
      emulator.faults.add({ kind: 'drop' });
      return session.client.get('users.json');
    },
    () => {
      emulator.faults.add({ kind: 'malformed-body' });
      return session.client.get('session.json').json();
    },
    () => {
      emulator.faults.add({ kind: 'malformed-body' });
      return quickblox.createUserToken(7);
    },
    () => {
      emulator.faults.add({ kind: 'status', status: 500, body: '<html>500</html>' });
      return quickblox.session(right).destroy();
    },
  ];
  for (const fail of failing)
    errors.push(
      await Promise.resolve(fail()).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  assert.is(errors.filter((error) => error !== undefined).length, failing.length);
  const tokens = new RegExp(`${marker.source}|${token}`, 'i');
  for (const error of errors) assert.not.match(shown(error), tokens);
  assert.not.match(JSON.stringify(events), tokens);
  assert.not.match(JSON.stringify(emulator.journal), tokens);
  assert.not.match(inspect([quickblox, session, await session.info()], { depth: 12, showHidden: true }), tokens);
  assert.ok(events.length > 20);
});

leaks('puts no secret into a URL, and sends the authorization secret nowhere', async () => {
  const sent: string[] = [];
  const { quickblox, emulator } = createRig({
    applications: [application],
    client: {
      authSecret: 'as_MARKER_secret',
      apiKey: 'MARKER_api_key',
      fetch: async (input, init) => {
        const request = new Request(input, init);
        assert.not.match(request.url, /MARKER|[0-9a-f]{32}/);
        sent.push(await request.clone().text(), JSON.stringify([...request.headers]));
        return emulator.fetch(request);
      },
    },
  });
  const session = quickblox.session();
  await session.login(right);
  await session.info();
  await session.logout();
  await session.destroy();
  await quickblox.createUserToken(7);
  assert.ok(
    sent.some((text) => text.includes('MARKER_password')),
    'the seam sees what is sent',
  );
  assert.not.ok(sent.some((text) => text.includes('as_MARKER_secret')));
  assert.equal(emulator.journal.warnings(), []);
});

leaks.run();

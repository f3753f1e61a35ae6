import { property, rejects } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outOfBand } from '../src/authorize.ts';
import { createEmulator } from '../src/emulator/index.ts';
import { readRequestedScope } from '../src/emulator/requested-scope.ts';
import { parseScope } from '../src/scope/index.ts';
import { clientId, clientSecret, follow, obtainCode, redirectUri, setUp } from './support.ts';

const base = 'https://manager.hubrise.com/oauth2/v1/authorize';

function query(changes: Record<string, string | undefined>): string {
  const all = {
    redirect_uri: redirectUri,
    client_id: clientId,
    scope: 'location[orders.write]',
    state: 's',
    ...changes,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${base}?${new URLSearchParams(given)}`;
}

const authorize = suite('hubrise · emulator · authorize');

authorize('redirects with a code and the state', async () => {
  const { emulator } = setUp();
  const url = await follow(emulator, query({ state: 'x y+z' }));
  assert.is(url.origin + url.pathname, redirectUri);
  assert.match(url.searchParams.get('code') ?? '', /^[0-9a-f]{64}$/);
  assert.is(url.searchParams.get('state'), 'x y+z');
  assert.equal(emulator.journal.warnings(), []);
});

for (const unreachable of [
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  'blob:https://myapp.com/1',
  'vbscript:x',
]) {
  authorize(`does not send the browser to ${unreachable}`, async () => {
    const { emulator } = setUp();
    const response = await emulator.fetch(query({ redirect_uri: unreachable }), { redirect: 'manual' });
    assert.equal([response.status, response.headers.get('location')], [400, null]);
  });
}

authorize('sends the browser to the scheme of an installed application', async () => {
  const url = await follow(setUp().emulator, query({ redirect_uri: 'com.myapp://callback' }));
  assert.is(url.protocol, 'com.myapp:');
});

authorize('tells a test whose world has nothing to connect', async () => {
  const account = { id: 'a', name: 'A', currency: 'EUR', locations: [] };
  const scope = 'location[catalog.read]';
  await rejects(
    setUp({ accounts: [account] }).emulator.fetch(query({ scope })),
    RangeError,
    /account a must have a location/,
  );
  await rejects(
    setUp({ accounts: [] }).emulator.fetch(query({ scope })),
    RangeError,
    /accounts of the emulator must hold/,
  );
  const ofAccount = await follow(setUp({ accounts: [account] }).emulator, query({ scope: 'account[orders.read]' }));
  assert.ok(ofAccount.searchParams.has('code'));
});

authorize('keeps the query of the redirect URI', async () => {
  const url = await follow(setUp().emulator, query({ redirect_uri: `${redirectUri}?tenant=7` }));
  assert.equal([...url.searchParams.keys()], ['tenant', 'code', 'state']);
});

for (const [kind, error] of [
  ['deny', 'access_denied'],
  ['expire', 'expired'],
] as const) {
  authorize(`redirects with ${error}, with or without the state`, async () => {
    const echoing = createEmulator();
    echoing.decideNext({ kind });
    assert.is((await follow(echoing, query({}))).search, `?error=${error}&state=s`);
    const silent = createEmulator({ errorState: 'omitted', decide: () => ({ kind }) });
    assert.is((await follow(silent, query({}))).search, `?error=${error}`);
  });
}

authorize('shows the code on a page when asked out of band', async () => {
  const { emulator } = setUp();
  const response = await emulator.fetch(query({ redirect_uri: outOfBand, state: undefined }));
  assert.is(response.status, 200);
  assert.is(response.headers.get('location'), null);
  assert.match(await response.text(), /<p>[0-9a-f]{64}<\/p>/);
  assert.equal(emulator.journal.warnings(), []);
});

authorize('shows a refusal on the page only when asked out of band', async () => {
  const { emulator } = setUp();
  emulator.decideNext({ kind: 'deny' });
  const response = await emulator.fetch(query({ redirect_uri: outOfBand }));
  assert.is(response.status, 200);
  assert.not.match(await response.text(), /[0-9a-f]{64}/);
});

authorize('asks the user what the application asks for', async () => {
  const asks: unknown[] = [];
  const emulator = createEmulator({
    decide: (ask) => {
      asks.push(ask);
      return { kind: 'approve' };
    },
  });
  await emulator.fetch(query({ scope: 'account[orders.read]' }));
  assert.equal(asks, [
    { clientId, scope: 'account[orders.read]', level: 'account', redirectUri, appInstanceId: undefined },
  ]);
});

const refused: [name: string, url: string, check: string][] = [
  ['an unknown client', query({ client_id: 'nobody' }), 'client-known'],
  ['no client', query({ client_id: undefined }), 'client-known'],
  ['no redirect URI', query({ redirect_uri: undefined }), 'redirect-uri-usable'],
  ['a relative redirect URI', query({ redirect_uri: '/callback' }), 'redirect-uri-usable'],
  ['no scope', query({ scope: undefined }), 'scope-valid'],
  ['a bare scope', query({ scope: '' }), 'scope-valid'],
  ['a scope with spaces', query({ scope: 'location[orders.write] profile' }), 'scope-valid'],
  ['two access sets', query({ scope: 'location[orders.read],account[orders.read]' }), 'scope-valid'],
  ['two scopes', `${query({})}&scope=profile`, 'parameters-given-once'],
  ['an unknown app instance', query({ scope: undefined, app_instance_id: 'hr9' }), 'app-instance-known'],
];
for (const [name, url, check] of refused) {
  authorize(`shows a page and does not redirect for ${name}`, async () => {
    const { emulator } = setUp();
    const response = await emulator.fetch(url);
    assert.is(response.status, 400);
    assert.is(response.headers.get('location'), null);
    assert.equal(emulator.journal.entries[0]?.checks.at(-1)?.name, check);
    assert.is(emulator.journal.entries[0]?.checks.at(-1)?.ok, false);
  });
}

const judged: [name: string, url: string, warning: RegExp][] = [
  ['a missing state', query({ state: undefined }), /^missing state/],
  ['a secret in the URL', query({ client_secret: clientSecret }), /^secret in URL: client_secret/],
  ['a mixed scope', query({ scope: 'location[orders.read],profile' }), /^profile next to an access set/],
];
for (const [name, url, warning] of judged) {
  authorize(`warns of ${name}`, async () => {
    const { emulator } = setUp();
    assert.is((await emulator.fetch(url)).status, 302);
    const warnings = emulator.journal.warnings();
    assert.is(warnings.length, 1);
    assert.match(warnings[0] ?? '', warning);
  });
}

authorize('ignores response_type and the prefill', async () => {
  const { emulator } = setUp();
  await follow(emulator, query({ response_type: 'code', country: 'FR', account_name: 'x', location_name: 'y' }));
  assert.equal(emulator.journal.warnings(), []);
});

authorize('says why a suspended connection cannot be made again', async () => {
  const { emulator, hubrise } = setUp();
  await hubrise.exchange(await obtainCode(emulator, hubrise));
  emulator.setConnectionState('hr1', 'suspended');
  const response = await emulator.fetch(query({}));
  assert.is(response.status, 403);
  assert.match(await response.text(), /suspended for non payment/);
});

for (const decision of [
  { kind: 'approve', location: 'nowhere' },
  { kind: 'approve', account: 'nobody' },
  { kind: 'approve', catalog: 'nothing' },
] as const) {
  authorize(`tells the test that ${JSON.stringify(decision)} cannot be`, async () => {
    const { emulator } = setUp();
    emulator.decideNext(decision);
    await rejects(emulator.fetch(query({ scope: 'location[catalog.read]' })), RangeError, /^the decision names/);
  });
}
authorize.run();

const scope = suite('hubrise · emulator · requested scope · properties');

scope('reads and refuses the same texts as the client, by other means', async () => {
  const words = fc.constantFrom(
    ...['location', 'account', '[', ']', ',', '.', 'orders', 'all_catalogs', 'catalog', 'inventory', 'read', 'write'],
    ...['profile', 'profile_with_email', 'location[', 'orders.read', 'catalog.write', ' '],
  );
  await property(
    fc.property(fc.array(words, { maxLength: 8 }), (list) => {
      const text = list.join('');
      const ours = parseScope(text);
      const theirs = readRequestedScope(text);
      assert.is(theirs !== undefined, ours.ok, text);
      if (!ours.ok || theirs === undefined) return;
      const permissions = [...theirs.rights].map(([resource, right]) => `${resource}.${right}`).sort();
      const level = theirs.level;
      assert.equal(level === undefined ? [] : [...(ours.scope[level] ?? [])].sort(), permissions);
      assert.is(theirs.profile, ours.scope.profile);
    }),
    { runs: 3000 },
  );
});
scope.run();

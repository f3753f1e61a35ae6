import { type ClientEvent, isXError, ResponseError } from '@x/http';
import { serve } from '@x/http/emulator';
import { type ManualClock, manualClock, rejects, seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createEmulator,
  type Emulator,
  type InstallSpelling,
  type LinkStyle,
  type Role,
} from '../src/emulator/index.ts';
import { type ConfirmedInstall, createInstallHandler, type InstallRefusal } from '../src/handler.ts';
import { type CreateNexudusOptions, createNexudus, isNexudusFault, type Nexudus } from '../src/index.ts';

const flow = suite('nexudus · install flow');

interface World {
  readonly emulator: Emulator;
  readonly clock: ManualClock;
  readonly app: { readonly key: string; readonly secret: string };
  readonly nexudus: Nexudus;
  readonly installed: ConfirmedInstall[];
  readonly refusals: InstallRefusal[];
  readonly events: ClientEvent[];
  /** Agrees on the consent page and follows the redirect, as a browser does. */
  readonly consent: (webAddress?: string) => Promise<Response>;
  /** Visits the link once more. */
  readonly reload: () => Promise<Response>;
}

type Options = {
  readonly link?: LinkStyle;
  readonly spelling?: InstallSpelling;
  readonly roles?: readonly Role[];
  readonly zoneOffsetMs?: number;
  readonly client?: Partial<CreateNexudusOptions>;
};

function createWorld({ link, spelling, roles, zoneOffsetMs, client }: Options = {}): World {
  const clock = manualClock();
  const emulator = createEmulator({ clock, random: seededRandom(11), zoneOffsetMs });
  const app = emulator.registerApp({ installUrl: 'https://lockers.example/Install', link, spelling, roles });
  const installed: ConfirmedInstall[] = [];
  const refusals: InstallRefusal[] = [];
  const events: ClientEvent[] = [];
  const nexudus = createNexudus({
    applicationKey: app.key,
    secret: app.secret,
    fetch: emulator.fetch,
    clock,
    retry: { limit: 1, baseDelayMs: 0 },
    timeoutMs: 60_000,
    onEvent: (event) => events.push(event),
    ...client,
  });
  const handler = createInstallHandler({
    nexudus,
    path: '/Install',
    clock,
    deadlineMs: 60_000,
    onInstalled: (install) => void installed.push(install),
    onRefused: (refusal) => refusals.push(refusal),
  });
  let location = '';
  return {
    emulator,
    clock,
    app,
    nexudus,
    installed,
    refusals,
    events,
    async consent(webAddress = 'northwind') {
      const body = new URLSearchParams({ business: webAddress, decision: 'accept' });
      const answer = await emulator.fetch(`https://spaces.nexudus.com/apps/${app.key}/install`, {
        method: 'POST',
        body,
      });
      assert.is(answer.status, 302);
      location = answer.headers.get('location') ?? '';
      return handler(new Request(location));
    },
    reload: () => handler(new Request(location)),
  };
}

flow('leads from consent to a client that works', async () => {
  const { consent, installed, emulator, refusals, nexudus } = createWorld();
  assert.is((await consent()).status, 200);
  const [install] = installed;
  assert.equal(
    install?.businesses.map(({ WebAddress }) => WebAddress),
    ['northwind', 'northwind-harbour', 'northwind-station'],
  );
  assert.equal(install?.hints, { subdomain: 'northwind', email: 'ada@northwind.example' });
  const later = nexudus.installation(install?.installToken ?? '');
  assert.is((await later.business(1414900002)).Name, 'Northwind Harbour');
  assert.equal([refusals, emulator.journal.warnings()], [[], []]);
});

flow('pages through more locations than a page holds', async () => {
  const businesses = Array.from({ length: 250 }, (_, index) => ({
    id: index + 1,
    name: `Location ${index + 1}`,
    webAddress: `location-${index + 1}`,
    administrator: 'ada@northwind.example',
    ...(index === 0 ? {} : { rootId: 1 }),
  }));
  const emulator = createEmulator({ clock: manualClock(), random: seededRandom(11), businesses });
  const app = emulator.registerApp({ installUrl: 'https://lockers.example/Install' });
  const nexudus = createNexudus({ applicationKey: app.key, secret: app.secret, fetch: emulator.fetch });
  const { installToken } = emulator.install({ applicationKey: app.key, webAddress: 'location-1' });
  assert.is((await nexudus.installation(installToken).businesses()).length, 250);
  assert.is(emulator.journal.entries.length, 3);
});

const accepted: readonly (readonly [what: string, Options])[] = [
  ['one slash', { link: { slashes: 'clean' } }],
  ['h in capitals', { link: { hashCase: 'upper' } }],
  ['a Danish thread', { link: { culture: 'da' } }],
  ['a token in capitals, sorted as English', { link: { culture: 'en' }, spelling: { token: 'upper' } }],
  ['a dashed token', { spelling: { token: 'dashed' } }],
  ['a clock 13 hours ahead', { zoneOffsetMs: 13 * 3_600_000 }],
  ['a clock 12 hours behind', { zoneOffsetMs: -12 * 3_600_000 }],
  ['an escaped address', { link: { email: 'escaped' } }],
];
for (const [what, options] of accepted) {
  flow(`installs from a link with ${what}`, async () => {
    const { consent, installed } = createWorld(options);
    assert.is((await consent('northwind-harbour')).status, 200);
    assert.is(installed[0]?.hints.email, 'ben+desk@northwind.example');
    assert.is(installed[0]?.businesses.length, 1);
  });
}

const refused: readonly (readonly [what: string, Options, reason: string])[] = [
  ['a key in capitals', { spelling: { key: 'upper' } }, 'application-mismatch'],
  ['a changed token', { link: { tamper: { t: '0'.repeat(32) } } }, 'hash-mismatch'],
  ['a changed moment', { link: { tamper: { d: '634963729314011098' } } }, 'hash-mismatch'],
  ['a token twice', { link: { repeat: ['t'] } }, 'parameter-repeated'],
  ['a clock two days ahead', { zoneOffsetMs: 2 * 86_400_000 }, 'timestamp-too-new'],
  ['another secret', { client: { secret: 'another-secret-than-its' } }, 'hash-mismatch'],
];
for (const [what, options, reason] of refused) {
  flow(`does not install from a link with ${what}, and asks Nexudus nothing`, async () => {
    const { consent, installed, refusals, emulator } = createWorld(options);
    assert.is((await consent()).status, 400);
    assert.is(refusals[0]?.reason, reason);
    assert.equal(installed, []);
    assert.is(emulator.journal.entries.length, 1, 'only the consent step');
  });
}

flow('takes the identity from the API, whatever the link claims', async () => {
  const { consent, installed } = createWorld({ link: { tamper: { b: 'solo-loft', e: 'mallory@example.com' } } });
  await consent('northwind-station');
  assert.equal(
    installed[0]?.businesses.map(({ WebAddress }) => WebAddress),
    ['northwind-station'],
  );
  assert.is(installed[0]?.hints.subdomain, 'solo-loft');
});

flow('takes a reload for installed until the link is stale', async () => {
  const { consent, reload, installed, clock, refusals } = createWorld();
  await consent();
  assert.is((await reload()).status, 200);
  clock.advance(86_400_000);
  assert.is((await reload()).status, 200);
  clock.advance(1);
  assert.is((await reload()).status, 400);
  assert.equal(refusals, [{ reason: 'timestamp-too-old' }]);
  assert.is(installed.length, 1);
});

for (const value of ['same', 'new'] as const) {
  flow(`installs again with the ${value} token`, async () => {
    const { consent, installed, clock } = createWorld({ spelling: { value } });
    await consent();
    clock.advance(1_000);
    await consent();
    const [first, second] = installed;
    assert.is(first?.installToken === second?.installToken, value === 'same');
    assert.is((await second?.installation.businesses())?.length, 3);
    if (value === 'new')
      await rejects(Promise.resolve(first?.installation.businesses()), ResponseError, 'nexudus.credentials-refused');
  });
}

flow('finds out by a 401 that the app was removed, and tells it once', async () => {
  const { consent, installed, app, emulator, events } = createWorld();
  await consent();
  emulator.uninstall({ applicationKey: app.key, webAddress: 'northwind' });
  const { installation } = installed[0] ?? {};
  const error = await rejects(
    Promise.resolve(installation?.businesses()),
    ResponseError,
    'nexudus.credentials-refused',
  );
  assert.is(isXError(error), true);
  await rejects(Promise.resolve(installation?.businesses()), ResponseError, 'nexudus.credentials-refused');
  const failed = events.filter(({ type }) => type === 'credential-failed');
  assert.equal(failed, [
    { type: 'credential-failed', provider: 'nexudus', key: installation?.key, code: 'nexudus.credentials-refused' },
  ]);
  assert.equal(emulator.journal.warnings(), ['went on calling after the app was removed']);
});

flow('refuses an app without the role that tells who the customer is', async () => {
  const { consent, refusals, installed } = createWorld({ roles: ['Business-Read'] });
  assert.is((await consent()).status, 502);
  assert.is(refusals[0]?.reason, 'confirmation-refused');
  assert.equal(installed, []);
});

flow('comes through throttling', async () => {
  const { consent, emulator } = createWorld();
  emulator.throttleNext({ retryAfterSeconds: 0 });
  assert.is((await consent()).status, 200);
});

flow('survives a change of the secret on either side', async () => {
  const { consent, nexudus, app, installed, emulator } = createWorld();
  await consent();
  const token = installed[0]?.installToken ?? '';
  const both = createNexudus({
    applicationKey: app.key,
    secret: ['next-secret-of-the-app', app.secret],
    fetch: emulator.fetch,
  });
  assert.is((await both.installation(token).businesses()).length, 3);
  assert.is((await nexudus.installation(token).businesses()).length, 3);
});

flow('updates a location, and believes the result rather than the status', async () => {
  const { consent, installed, emulator } = createWorld();
  await consent();
  const { installation } = installed[0] ?? {};
  assert.ok(installation);
  const whole = await installation.business(1414900003);
  const json = { ...whole, Name: 'Northwind Central' };
  const saved = await installation.command({ method: 'put', path: 'sys/businesses', json });
  assert.equal(saved?.Value, { Id: 1414900003 });
  assert.is((await installation.business(1414900003)).Name, 'Northwind Central');
  emulator.refuseNext('The location is locked');
  const error = await rejects(
    installation.command({ method: 'put', path: 'sys/businesses', json }),
    ResponseError,
    'nexudus.refused',
  );
  assert.ok(isNexudusFault(error));
  assert.is(error.fault.message, 'The location is locked');
  const invalid = installation.command({ method: 'put', path: 'sys/businesses', json: { ...json, Name: '' } });
  const rejected = await rejects(invalid, ResponseError, 'nexudus.refused');
  assert.is(rejected.status, 400);
  assert.equal(emulator.journal.warnings(), []);
});

const faults: readonly (readonly [what: string, fault: Parameters<Emulator['faults']['add']>[0], code: string])[] = [
  ['a firewall', { kind: 'status', status: 403, body: '<html>denied</html>' }, 'nexudus.blocked'],
  ['a gateway', { kind: 'status', status: 502, body: '<html>bad</html>' }, 'http.server'],
  ['an empty success', { kind: 'status', status: 200 }, 'http.contract-broken'],
  ['half an answer', { kind: 'malformed-body' }, 'http.contract-broken'],
  ['a dropped connection', { kind: 'drop' }, 'http.network'],
  ['a long throttle', { kind: 'status', status: 409, headers: { 'retry-after': '86400' } }, 'http.rate-limited'],
];
for (const [what, fault, code] of faults) {
  flow(`tells ${what} as ${code}`, async () => {
    const { consent, installed, emulator } = createWorld();
    await consent();
    emulator.faults.add(fault, { path: '/api', times: 2 });
    let error: unknown;
    await installed[0]?.installation.businesses().catch((failure: unknown) => {
      error = failure;
    });
    assert.ok(isXError(error));
    assert.is(error.code, code);
  });
}

flow('runs over HTTP, double slash included', async () => {
  const emulator = createEmulator();
  const provider = await emulator.serve();
  const installed: ConfirmedInstall[] = [];
  let handle = async (_: Request): Promise<Response> => new Response(null, { status: 503 });
  const product = await serve((request) => handle(request));
  try {
    const app = emulator.registerApp({ installUrl: `${product.url}/Install` });
    handle = createInstallHandler({
      nexudus: createNexudus({
        applicationKey: app.key,
        secret: app.secret,
        apiUrl: `${provider.url}/api`,
        timeoutMs: 60_000,
      }),
      path: '/Install',
      deadlineMs: 60_000,
      onInstalled: (install) => void installed.push(install),
    });
    const response = await fetch(`${provider.url}/apps/${app.key}/install`, {
      method: 'POST',
      body: new URLSearchParams({ business: 'solo-loft', decision: 'accept' }),
    });
    assert.is(response.status, 200);
    assert.ok(response.url.startsWith(`${product.url}//Install?a=${app.key}`));
    assert.match(await response.text(), /<h1>Installed<\/h1>/);
    assert.equal(
      installed[0]?.businesses.map(({ Name }) => Name),
      ['Solo Loft'],
    );
    assert.equal(emulator.journal.warnings(), []);
  } finally {
    await provider.close();
    await product.close();
  }
});

flow.run();

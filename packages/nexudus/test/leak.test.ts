import { inspect } from 'node:util';
import { Secret } from '@x/crypto';
import type { ClientEvent } from '@x/http';
import { manualClock, seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmulator } from '../src/emulator/index.ts';
import { createInstallHandler, type InstallEvent } from '../src/handler.ts';
import { basicAuthorization, createNexudus, deriveAccessToken } from '../src/index.ts';
import { verifyDelivery } from '../src/webhook.ts';

const leak = suite('nexudus · leaks');

const secret = 'marker-application-secret';
const applicationKey = 'a'.repeat(32);
const installToken = 'deadbeefdeadbeefdeadbeefdeadbeef';
const accessToken = deriveAccessToken(installToken, secret);
const authorization = basicAuthorization(applicationKey, accessToken);
const markers = [secret, installToken, accessToken, authorization.slice('Basic '.length), 'marker-attempted'];

/** Everything by which a value reaches a log. */
function shown(value: unknown): string {
  const json = JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member));
  const stack = value instanceof Error ? value.stack : '';
  return [String(value), json, stack, inspect(value, { depth: 12 })].join('\n');
}

function leakedBy(value: unknown): string | undefined {
  const text = shown(value);
  return markers.find((marker) => text.includes(marker));
}

function assertClean(what: string, value: unknown): void {
  assert.is(leakedBy(value), undefined, `${what} shows a secret: ${shown(value)}`);
}

const failures: readonly (readonly [what: string, answer: () => Response])[] = [
  ['401', () => new Response(authorization, { status: 401 })],
  [
    '400 that quotes what was sent',
    () =>
      Response.json(
        {
          WasSuccessful: false,
          Message: authorization,
          Errors: [{ AttemptedValue: 'marker-attempted', PropertyName: 'SecretKey', Message: secret }],
        },
        { status: 400 },
      ),
  ],
  [
    '200 that is a refusal and quotes',
    () => Response.json({ WasSuccessful: false, Message: `${secret} ${installToken}` }),
  ],
  ['409', () => new Response(installToken, { status: 409 })],
  ['500', () => new Response(`${accessToken}`, { status: 500 })],
  [
    'a body that breaks the contract',
    () => Response.json({ Records: [{ Id: accessToken, Name: secret }], HasNextPage: false }),
  ],
  [
    'a redirect that carries them',
    () => new Response(null, { status: 302, headers: { location: `https://evil.example/?t=${installToken}` } }),
  ],
  [
    'a network that quotes',
    () => {
      throw Object.assign(new TypeError(`fetch failed for ${authorization}`), { cause: new Error(secret) });
    },
  ],
];

for (const [what, answer] of failures) {
  leak(`no secret shows after ${what}`, async () => {
    const events: ClientEvent[] = [];
    const nexudus = createNexudus({
      applicationKey,
      secret: [secret, 'marker-older'],
      retry: { limit: 0 },
      fetch: async () => answer(),
      onEvent: (event) => events.push(event),
    });
    const installation = nexudus.installation(installToken);
    assertClean('the installation', installation);
    assertClean('the factory', nexudus);
    for (const attempt of [
      () => installation.businesses(),
      () => installation.business(1),
      () => installation.command({ method: 'put', path: 'sys/users', json: { Password: 'marker-attempted' } }),
      () => installation.client.get('sys/businesses', { searchParams: { t: installToken } }),
    ]) {
      const outcome = await attempt().then(
        () => undefined,
        (error: unknown) => error,
      );
      assertClean('the error', outcome);
    }
    assertClean('the events', events);
    assert.ok(events.length > 0);
  });
}

leak('no secret shows in the handler, its events, refusals and pages, nor in the journal', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ clock, random: seededRandom(3) });
  emulator.registerApp({ installUrl: 'https://lockers.example/Install', key: applicationKey, secret });
  const told: unknown[] = [];
  const events: InstallEvent[] = [];
  const nexudus = createNexudus({ applicationKey, secret, fetch: emulator.fetch, clock, retry: { limit: 0 } });
  const handle = createInstallHandler({
    nexudus,
    clock,
    onInstalled: () => {},
    onRefused: (refusal) => told.push(refusal),
    onEvent: (event) => events.push(event),
  });
  const at = { applicationKey, webAddress: 'northwind', spelling: { value: { fixed: installToken } } } as const;
  const { url } = emulator.install(at);
  const visit = async (link: string): Promise<void> => {
    const response = await handle(new Request(link));
    assertClean('the page', [await response.text(), [...response.headers]]);
  };
  await visit(url.replace(/h=./, 'h=g'));
  await visit(url.replace(/h=../, 'h=00'));
  await visit(`${url}&t=${installToken}`);
  emulator.faults.add({ kind: 'status', status: 500 }, { path: '/api' });
  await visit(url);
  emulator.uninstall({ applicationKey, webAddress: 'northwind' });
  await visit(url);
  emulator.install(at);
  await visit(url);
  await visit(url);
  assert.equal(
    events.map((event) => (event.type === 'install-refused' ? event.reason : event.type)),
    [
      'parameter-malformed',
      'hash-mismatch',
      'parameter-repeated',
      'install-verified',
      'confirmation-failed',
      'install-verified',
      'confirmation-refused',
      'install-verified',
      'install-completed',
      'install-verified',
      'install-repeated',
    ],
  );
  assertClean('the refusals', told);
  assertClean('the events', events);
  assertClean('the journal', emulator.journal.entries);
  assert.equal(emulator.journal.warnings(), []);
});

leak('no secret shows when options are refused', () => {
  const attempts = [
    () => createNexudus({ applicationKey: '', secret }),
    () => createNexudus({ applicationKey, secret: [secret, ''] }),
    () => createNexudus({ applicationKey, secret, apiUrl: `http://${secret}:x@nexudus.example` }),
    () => createNexudus({ applicationKey: `${secret}:`, secret }),
    () => createNexudus({ applicationKey, secret }).installation(''),
    () => deriveAccessToken(`${installToken}\ud800`, secret),
    () => basicAuthorization(`${secret}:`, accessToken),
    () => verifyDelivery({ body: new Uint8Array(), headers: new Headers() }, { secret: [secret, `${secret}\ud800`] }),
  ];
  for (const attempt of attempts) {
    let error: unknown;
    try {
      attempt();
    } catch (failure) {
      error = failure;
    }
    assert.ok(error instanceof TypeError || error instanceof RangeError);
    assertClean('the error', error);
  }
});

leak('the check sees what it looks for', () => {
  assert.is(leakedBy({ nested: [new Error(secret)] }), secret);
  assert.is(leakedBy([`?t=${installToken}`]), installToken);
  assertClean('a secret', { kept: new Secret(secret) });
});

leak('no secret of a path shows when a command is refused or answered with something else', async () => {
  for (const answer of [{ WasSuccessful: false }, { Id: 1 }]) {
    const fetch = async (): Promise<Response> => Response.json(answer);
    const installation = createNexudus({ applicationKey, secret, fetch }).installation(installToken);
    for (const path of [
      `apps/applications?Application_SecretKey=${secret}`,
      `apps/x#${secret}`,
      `apps/${installToken}0`,
    ]) {
      const error = await installation.command({ method: 'delete', path }).catch((failure: unknown) => failure);
      assertClean(path.replace(/[?#].*/, ''), error);
      assert.match((error as Error).message, 'DELETE apps/');
    }
  }
});

leak.run();

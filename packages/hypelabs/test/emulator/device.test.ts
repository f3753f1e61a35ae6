import { manualClock, rejects, seededRandom, spendsLatencyBySleep } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateEmulatorOptions, createEmulator, type Wire } from '../../src/emulator/index.ts';
import { type CreateAuthorizationHandlerOptions, createAuthorizationHandler } from '../../src/index.ts';

const appId = '0badCAFE';
const apiUser = 'hype-caller';
const apiSecret = 'marker-secret-of-the-app';
const dayMs = 86_400_000;

/** An emulator whose app is answered by the real handler: `token-N` belongs to user N. */
function setUp(
  options: Partial<CreateEmulatorOptions> = {},
  handlerOptions: Partial<CreateAuthorizationHandlerOptions> = {},
) {
  const clock = manualClock();
  const reasons: string[] = [];
  const authorization = createAuthorizationHandler({
    apps: [
      {
        name: 'mesh-chat',
        apiUser,
        apiSecret,
        verifier: ({ accessToken }) => {
          const user = /^token-(\d+)$/.exec(accessToken)?.[1];
          return user === undefined
            ? { active: false, reason: 'token-unknown' }
            : { active: true, userIdentifier: Number(user) };
        },
      },
    ],
    onEvent: ({ reason }) => reasons.push(reason),
    ...handlerOptions,
  });
  const emulator = createEmulator({
    apps: [{ appId, apiUser, apiSecret, authorization }],
    clock,
    random: seededRandom(),
    ...options,
  });
  return { clock, emulator, reasons };
}

const start = suite('hypelabs · emulator · device');

start('gets a certificate for its user and runs', async () => {
  const { clock, emulator } = setUp();
  const asked: unknown[] = [];
  const device = emulator.device(appId, {
    userIdentifier: 7,
    accessToken: (userIdentifier) => {
      asked.push(userIdentifier);
      return 'Bearer token-7';
    },
  });
  const result = await device.start();
  assert.is(result.outcome, 'running');
  assert.equal(device.certificate(), {
    appId: appId.toLowerCase(),
    userIdentifier: 7,
    notBeforeMs: clock(),
    notAfterMs: clock() + 30 * dayMs,
    serial: device.certificate()?.serial,
  });
  assert.match(device.certificate()?.serial ?? '', /^[0-9a-f]{16}$/);
  assert.equal(asked, [7]);
  assert.equal(emulator.journal.warnings(), []);
});

start('asks nobody while its certificate is valid, and renews near its end', async () => {
  const { clock, emulator, reasons } = setUp();
  const device = emulator.device(appId, { userIdentifier: 7, accessToken: () => 'Bearer token-7' });
  await device.start();
  const first = device.certificate();
  clock.advance(29 * dayMs - 1);
  assert.is((await device.start()).outcome, 'running');
  assert.is(reasons.length, 1);
  assert.is(device.certificate(), first);
  clock.advance(1);
  assert.is((await device.start()).outcome, 'running');
  assert.is(reasons.length, 2);
  assert.is.not(device.certificate()?.serial, first?.serial);
});

start('takes the first text of several callbacks', async () => {
  const { emulator } = setUp();
  const accessToken = [() => null, () => 'Bearer token-7', (): string => assert.unreachable() as never];
  assert.is((await emulator.device(appId, { accessToken }).start()).outcome, 'running');
});

start('fails without a text, and calls nobody', async () => {
  const { emulator, reasons } = setUp();
  for (const accessToken of [() => null, [], [() => null, () => null]]) {
    assert.equal(await emulator.device(appId, { accessToken }).start(), {
      outcome: 'failed',
      code: 'emulator.not-authorized',
      reason: 'no-access-token',
      status: undefined,
    });
  }
  assert.is(emulator.journal.entries.length + reasons.length, 0);
});

const wrongCallbacks: readonly [name: string, callback: () => unknown][] = [
  ['a promise', () => Promise.resolve('Bearer token-7')],
  ['a promise that rejects', () => Promise.reject(new Error('x'))],
  ['undefined', () => undefined],
  ['a number', () => 7],
];
for (const [name, callback] of wrongCallbacks) {
  start(`refuses a callback that returns ${name}`, async () => {
    const { emulator } = setUp();
    const device = emulator.device(appId, { accessToken: callback as () => string });
    await rejects(device.start(), TypeError, /accessToken must return text or null/);
  });
}

start('fails by the code of the SDK without connectivity, before and after a first certificate', async () => {
  const { clock, emulator } = setUp();
  const device = emulator.device(appId, { accessToken: () => 'Bearer token-7' });
  const drop = (): void => emulator.faults.add({ kind: 'drop' }, { path: '/certificates' });
  drop();
  assert.equal(await device.start(), { outcome: 'failed', code: 61627, reason: 'offline', status: undefined });
  await device.start();
  drop();
  clock.advance(29 * dayMs);
  const renewing = await device.start();
  assert.ok(renewing.outcome === 'running' && renewing.renewalFailure?.code === 24212);
  drop();
  clock.advance(dayMs);
  assert.equal(await device.start(), { outcome: 'failed', code: 24212, reason: 'offline', status: undefined });
  assert.is((await device.start()).outcome, 'running');
});

start('takes a broken answer of the service for no connection', async () => {
  const { emulator } = setUp();
  const device = emulator.device(appId, { accessToken: () => 'Bearer token-7' });
  emulator.faults.add({ kind: 'malformed-body' });
  emulator.faults.add({ kind: 'status', status: 503, body: '{}' });
  for (let index = 0; index < 2; index += 1) {
    assert.equal(await device.start(), { outcome: 'failed', code: 61627, reason: 'offline', status: undefined });
  }
});

start('shows late revocation: a denial bites only when the certificate ends', async () => {
  const { clock, emulator } = setUp();
  let token = 'Bearer token-7';
  const device = emulator.device(appId, { userIdentifier: 7, accessToken: () => token });
  await device.start();
  token = 'Bearer revoked';
  clock.advance(29 * dayMs);
  const result = await device.start();
  assert.is(result.outcome, 'running');
  assert.is(result.outcome === 'running' && result.renewalFailure?.reason, 'denied');
  clock.advance(dayMs);
  assert.equal(await device.start(), {
    outcome: 'failed',
    code: 'emulator.not-authorized',
    reason: 'denied',
    status: 401,
  });
});

start('does not know an app of another id, and passes no identifier out of range on', async () => {
  const { emulator, reasons } = setUp();
  const other = await emulator.device('00000000', { accessToken: () => 'Bearer token-7' }).start();
  assert.is(other.outcome === 'failed' && other.reason, 'app-unknown');
  const device = emulator.device(appId, { userIdentifier: -1, accessToken: () => 'Bearer token-7' });
  await device.start();
  assert.is(device.certificate()?.userIdentifier, undefined);
  assert.match(emulator.journal.warnings().join(), /user identifier/);
  assert.equal(reasons, ['allowed']);
});

const wires: readonly [wire: Partial<Wire>, authorization: string, reason: string, options?: object][] = [
  [{ contentType: 'typo' }, 'Bearer token-7', 'allowed'],
  [{ contentType: 'none' }, 'Bearer token-7', 'allowed'],
  [{ contentType: 'form' }, 'Bearer token-7', 'media-type-unsupported'],
  [{ contentType: 'form' }, 'Bearer token-7', 'allowed', { acceptForm: true }],
  [{ secretMember: 'api_password' }, 'Bearer token-7', 'allowed'],
  [{ secretMember: 'both' }, 'Bearer token-7', 'allowed'],
  [{ userIdentifier: 'number' }, 'Bearer token-7', 'allowed'],
  [{ userIdentifier: 'null' }, 'Bearer token-7', 'user-identifier-missing', { requireUserIdentifier: true }],
  [{ userIdentifier: 'omit' }, 'Bearer token-7', 'user-identifier-missing', { requireUserIdentifier: true }],
  [{ duplicate: 'member' }, 'Bearer token-7', 'allowed'],
  [{ extraMembers: { app_identifier: appId } }, 'Bearer token-7', 'allowed'],
  [{ bom: true }, 'Bearer token-7', 'allowed'],
  [{}, 'token-7', 'token-type-missing'],
  [{}, '', 'token-type-missing'],
  [{ noPrefix: 'empty' }, 'token-7', 'token-type-missing'],
  [{ noPrefix: 'whole' }, 'token-7', 'token-type-refused'],
  [{ splitOn: 'never' }, 'Bearer token-7', 'token-type-missing'],
  [{ splitOn: 'never' }, 'Bearer token-7', 'allowed', { acceptCombinedToken: true }],
  [{}, 'Bearer  token-7', 'token-malformed'],
  [{}, 'Bearer Bearer token-7', 'token-malformed'],
  [{ splitOn: 'last' }, 'Bearer Bearer token-7', 'token-type-refused'],
  [{}, 'Bearer token-7 ', 'token-malformed'],
  [{}, 'Basic token-7', 'token-type-refused'],
];
for (const [wire, authorization, reason, options] of wires) {
  const name = `${JSON.stringify(authorization)}, ${JSON.stringify(wire)}, ${JSON.stringify(options ?? {})}`;
  start(`is answered ${reason}: ${name}`, async () => {
    const { emulator, reasons } = setUp({ wire }, options);
    const result = await emulator.device(appId, { userIdentifier: 7, accessToken: () => authorization }).start();
    assert.equal(reasons, [reason]);
    assert.is(result.outcome, reason === 'allowed' ? 'running' : 'failed');
    assert.equal(emulator.journal.warnings(), []);
  });
}

start('asks twice with the same answer when requests are repeated', async () => {
  const { emulator, reasons } = setUp();
  emulator.setWire({ duplicate: 'request' });
  await emulator.device(appId, { accessToken: () => 'Bearer token-7' }).start();
  assert.equal(reasons, ['allowed', 'allowed']);
});

start('lets latency take the time of its clock, where it is told so', () =>
  spendsLatencyBySleep((given) =>
    createEmulator({ ...given, apps: [{ appId, apiUser, apiSecret, authorization: async () => new Response() }] }),
  ),
);

start.run();

const mesh = suite('hypelabs · emulator · mesh');

mesh('knows a certificate of user 8 to come from a token of user 8 alone', async () => {
  const { emulator } = setUp();
  const thief = await emulator.device(appId, { userIdentifier: 8, accessToken: () => 'Bearer token-7' }).start();
  assert.is(thief.outcome, 'failed');
  const owner = emulator.device(appId, { userIdentifier: 8, accessToken: () => 'Bearer token-8' });
  await owner.start();
  const certificate = owner.certificate();
  assert.ok(certificate);
  const verified = emulator.mesh.verify(certificate);
  assert.ok(verified.ok && verified.userIdentifier === 8);
  const entry = emulator.journal.entries.findLast(({ direction }) => direction === 'out');
  assert.ok(verified.ok && entry?.checks[0]?.detail?.includes(`access_token=${verified.accessToken}`));
});

mesh('refuses what was altered, made up, or is out of its time', async () => {
  const { clock, emulator } = setUp({ certificateLifetimeMs: 1000, renewAheadMs: 1 });
  const device = emulator.device(appId, { userIdentifier: 7, accessToken: () => 'Bearer token-7' });
  await device.start();
  const certificate = device.certificate();
  assert.ok(certificate);
  const reasonOf = (changes: object): string => {
    const result = emulator.mesh.verify({ ...certificate, ...changes });
    return result.ok ? 'ok' : result.reason;
  };
  assert.is(reasonOf({}), 'ok');
  assert.is(reasonOf({ serial: '0'.repeat(16) }), 'certificate-unknown');
  assert.is(reasonOf({ userIdentifier: 8 }), 'certificate-altered');
  assert.is(reasonOf({ notAfterMs: certificate.notAfterMs + 1 }), 'certificate-altered');
  clock.advance(-1);
  assert.is(reasonOf({}), 'certificate-not-yet-valid');
  clock.advance(1001);
  assert.is(reasonOf({}), 'certificate-expired');
});

mesh.run();

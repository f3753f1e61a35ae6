import { inspect } from 'node:util';
import { serve } from '@x/http/emulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AuthorizationService, createEmulator, type HostileOptions } from '../../src/emulator/index.ts';
import { type CreateAuthorizationHandlerOptions, createAuthorizationHandler } from '../../src/index.ts';
import { createLab } from '../lab.ts';
import { apiSecret, apiUser, otherSecret, otherUser } from '../requests.ts';

const appId = '11111111';
const lab = await createLab();

const unanswered = [lab.tokens['introspection-slow'], lab.tokens['key-set-slow']];

/** Waits for long but for what is never answered, so that nothing else can meet a deadline. */
function createHandler(options: Partial<CreateAuthorizationHandlerOptions> = {}): AuthorizationService {
  const { verifier, clock } = lab;
  const within = (verifierDeadlineMs: number): AuthorizationService =>
    createAuthorizationHandler({
      apps: [
        { name: 'mesh-chat', apiUser, apiSecret, verifier },
        { name: 'other', apiUser: otherUser, apiSecret: otherSecret, verifier },
      ],
      clock,
      deadlineMs: 60_000,
      verifierDeadlineMs,
      ...options,
    });
  const [patient, hasty] = [within(60_000), within(20)];
  return async (request) => {
    const text = await request.clone().text();
    return (unanswered.some((token) => text.includes(token)) ? hasty : patient)(request);
  };
}

function createHostile(authorization: AuthorizationService | string) {
  const service = { authorization };
  return createEmulator({
    apps: [
      { appId, apiUser, apiSecret, ...service },
      { appId: '22222222', apiUser: otherUser, apiSecret: otherSecret, ...service },
    ],
    callTimeoutMs: 60_000,
  });
}

const options: HostileOptions = {
  accessToken: 'good-token',
  userIdentifier: 7,
  tokens: lab.tokens,
  variants: {
    'user-identifier-required': createHandler({ requireUserIdentifier: true }),
    'hook-throws': createHandler({
      onEvent: () => {
        throw new Error('broken');
      },
    }),
    'internal-error': createHandler({
      clock: () => {
        throw new Error('broken');
      },
    }),
  },
};

const hostile = suite('hypelabs · emulator · hostile');

hostile('runs all sixty rows against the handler, which survives each', async () => {
  const emulator = createHostile(createHandler());
  const report = await emulator.hostile(appId, options);
  assert.equal(
    report.verdicts.filter(({ outcome }) => outcome !== 'passed'),
    [],
  );
  assert.equal(
    [...new Set(report.verdicts.map(({ row }) => row))],
    Array.from({ length: 60 }, (_, index) => index + 1),
  );
  assert.is(report.denialsIdentical, true);
  assert.is(report.ok, true);
  assert.is(report.passed, report.verdicts.length);
  assert.is(emulator.journal.entries.length, report.verdicts.length);
});

hostile('runs over HTTP too, but for what no client sends', async () => {
  const server = await serve(createHandler());
  try {
    const report = await createHostile(`${server.url}/authorize`).hostile(appId, options);
    assert.equal(
      report.verdicts.filter(({ outcome }) => outcome !== 'passed').map(({ row, outcome }) => [row, outcome]),
      [[12, 'left-out']],
    );
    assert.is(report.ok, true);
  } finally {
    await server.close();
  }
});

hostile('leaves out what it has no token, variant or other app for, and says so', async () => {
  const emulator = createEmulator({
    apps: [{ appId, apiUser, apiSecret: 'UPPER-case-0123456', authorization: createHandler() }],
  });
  const { verdicts, leftOut } = await emulator.hostile(appId, { accessToken: 'good-token', userIdentifier: 7 });
  const omitted = verdicts.filter(({ outcome }) => outcome === 'left-out');
  assert.is(omitted.length, leftOut);
  assert.equal(
    [...new Set(omitted.map(({ row }) => row))],
    [26, 27, 39, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 59, 60],
  );
  assert.ok(omitted.every(({ detail }) => /^(no |the )/.test(detail)));
});

hostile('knows a service that is set up more strictly or more leniently', async () => {
  const setup = { requireUserIdentifier: true, acceptForm: true };
  const emulator = createHostile(createHandler(setup));
  const { ok, verdicts } = await emulator.hostile(appId, { ...options, ...setup, variants: {} });
  assert.is(ok, true);
  const row39 = verdicts.filter(({ row }) => row === 39).map(({ outcome }) => outcome);
  assert.equal(row39, ['left-out', 'left-out', 'left-out', 'passed']);
  assert.is(verdicts.find(({ row }) => row === 8)?.outcome, 'left-out');
});

hostile('knows a service with other token types', async () => {
  const allowedTokenTypes = ['Acme', 'mac'];
  const setup = { allowedTokenTypes, verifier: () => ({ active: true, userIdentifier: 7 }) as const };
  const emulator = createHostile(
    createAuthorizationHandler({
      apps: [{ name: 'mesh-chat', apiUser, apiSecret, verifier: setup.verifier }],
      allowedTokenTypes,
    }),
  );
  const given = { accessToken: 'good-token', userIdentifier: 7, tokenType: 'Acme', allowedTokenTypes };
  const { verdicts } = await emulator.hostile(appId, given);
  const rows = (row: number): unknown[] => verdicts.filter((one) => one.row === row).map(({ outcome }) => outcome);
  assert.equal([rows(33), rows(35), rows(38)], [['passed'], ['passed', 'passed'], ['passed', 'left-out', 'passed']]);
});

hostile('takes one before the last user for another one, and asks for the first and the last', async () => {
  const last = 2147483647;
  const emulator = createHostile(
    createAuthorizationHandler({
      apps: [{ name: 'mesh-chat', apiUser, apiSecret, verifier: () => ({ active: true, userIdentifier: last }) }],
    }),
  );
  const { verdicts } = await emulator.hostile(appId, { accessToken: 'good-token', userIdentifier: last });
  assert.equal(
    verdicts.filter(({ row }) => row === 40 || row === 44).map(({ outcome, detail }) => `${outcome}: ${detail}`),
    [200, 200, 401, 401, 200, 401].map((status) => `passed: answered ${status}`),
  );
});

hostile('notices a service that takes the first user for none of the documented ones', async () => {
  const service = createHandler();
  const emulator = createHostile(async (request) => {
    const text = await request.clone().text();
    if (!text.includes('"user_identifier":0')) return service(request);
    return new Response(null, { status: 400, headers: { 'cache-control': 'no-store' } });
  });
  const { verdicts } = await emulator.hostile(appId, options);
  assert.equal(
    verdicts.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
    ['user identifier 0'],
  );
});

/** Services that get one thing wrong, and the rows that notice. */
const careless: readonly [name: string, service: AuthorizationService, rows: readonly number[]][] = [
  [
    'says yes to everything',
    async () => Response.json({}, { headers: { 'cache-control': 'no-store' } }),
    [1, 17, 20, 44],
  ],
  ['says no to everything', async () => new Response(null, { status: 401 }), [3, 13, 17, 55]],
  ['never answers with a challenge', strip('www-authenticate'), [17, 45]],
  ['allows caching', strip('cache-control'), [3, 17, 60]],
  ['does not say which method', strip('allow'), [1, 2]],
  ['does not say when to come back', strip('retry-after'), [51, 53]],
  ['is not there', () => Promise.reject(new TypeError('fetch failed')), [1, 3, 17]],
];
for (const [name, service, rows] of careless) {
  hostile(`notices a service that ${name}`, async () => {
    const report = await createHostile(service).hostile(appId, {
      ...options,
      variants: { 'internal-error': service },
    });
    const failed = new Set(report.verdicts.filter(({ outcome }) => outcome === 'failed').map(({ row }) => row));
    for (const row of rows) assert.ok(failed.has(row), `row ${row}`);
    assert.is(report.ok, false);
  });
}

hostile('notices denials that differ', async () => {
  const handler = createHandler();
  let count = 0;
  const report = await createHostile(async (request) => {
    const response = await handler(request);
    count += 1;
    if (response.status === 401) response.headers.set('x-reason', String(count));
    return response;
  }).hostile(appId, options);
  assert.equal([report.failed, report.denialsIdentical, report.ok], [0, false, false]);
});

hostile('shows no secret and no token', async () => {
  const emulator = createHostile(createHandler());
  const report = await emulator.hostile(appId, options);
  for (const text of [JSON.stringify([report, emulator.journal.entries]), inspect(report, { depth: 9 })]) {
    for (const secret of [apiSecret, otherSecret, 'good-token', lab.tokens['jwt-typ']])
      assert.not.ok(text.includes(secret));
  }
});

hostile('needs an app with a service', async () => {
  const emulator = createEmulator({ apps: [{ appId, mode: 'development', apiUser, apiSecret }] });
  try {
    await emulator.hostile(appId, options);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TypeError);
  }
});

hostile.run();

/** Takes a header away from every answer of the handler. */
function strip(name: string): AuthorizationService {
  const handler = createHandler();
  return async (request) => {
    const response = await handler(request);
    response.headers.delete(name);
    return response;
  };
}

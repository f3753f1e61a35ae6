import { inspect } from 'node:util';
import { generateKey } from '@x/crypto';
import { serve } from '@x/http/emulator';
import { seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { attackNames, createEmulator, type HandOverAnswer } from '../src/emulator/index.ts';
import { createHub } from '../src/hub.ts';
import { appAround, appUrl, ask, hubOrigin, keys, link, loginRoute, setUp } from './support.ts';

const flow = suite('hub · flow against the emulator');

for (const paths of ['2016-11', '2016-07'] as const) {
  for (const from of ['server', 'browser'] as const) {
    for (const auth of ['verbatim', 'reserialized'] as const) {
      flow(`links and answers on the paths of ${paths}, asked from a ${from}, token ${auth}`, async () => {
        let acted: unknown;
        const parts = setUp({
          paths,
          routes: {
            notifications: ({ username, claims }) => ({ count: username.length + (claims['plan'] === 'pro' ? 1 : 0) }),
            timeline: ({ emails, search }) => ({
              items: emails.map((email) => ({
                id: email,
                title: `${search} of ${email}`,
                dateMs: parts.clock(),
                url: 'https://acme.example/o',
                actions: [{ type: 'toggle', title: 'Done', property: 'done', active: true }],
              })),
            }),
            action: {
              properties: { done: 'boolean' },
              perform: ({ itemId, value }) => {
                acted = [itemId, value];
              },
            },
          },
        });
        const { emulator } = parts;
        const driver = await link(parts);
        assert.is(driver.outcome, 'success');
        assert.equal(driver.trail, [
          `${appUrl}/v1/acme/authenticate`,
          `${appUrl}/login`,
          `${appUrl}/confirm`,
          `${hubOrigin}/hub/linked`,
        ]);

        const how = { from, auth };
        assert.equal((await emulator.notifications('ann', how)).body, { count: 'ann@example.com'.length + 1 });
        const shown = await emulator.timeline('ann', { ...how, emails: ['bob@example.com'], search: 'Order' });
        assert.is((shown.body as { items: { title: string }[] }).items[0]?.title, 'Order of bob@example.com');
        for (const member of ['property', 'value'] as const) {
          const result = await emulator.act(
            'ann',
            { itemId: 'a/b', property: 'done', value: false },
            { ...how, member },
          );
          assert.is(result.status, 200);
        }
        assert.equal(acted, ['a/b', false]);
        assert.equal(emulator.journal.warnings(), []);
        assert.ok(emulator.journal.entries.every(({ checks }) => checks.every(({ ok }) => ok)));
      });
    }
  }
}

flow('asks again at refreshAt and not before', async () => {
  const parts = setUp({ routes: { notifications: () => ({ count: 1, refreshAtMs: parts.clock() + 60_000 }) } });
  const { emulator, clock } = parts;
  await link(parts);
  await emulator.notifications('ann');
  clock.advance(59_999);
  assert.equal(await emulator.run(), []);
  clock.advance(1);
  assert.equal(
    (await emulator.run()).map(({ kind, user }) => `${kind} ${user}`),
    ['notifications ann'],
  );
  assert.equal(await emulator.run(), []);
});

flow('a link without confirmation form does not happen', async () => {
  const parts = setUp();
  const driver = await parts.emulator.enable('ann');
  await driver.submit({ username: 'ann@example.com' });
  const page = await driver.submit({ confirmation: 'forged' });
  assert.equal([page.status, driver.outcome, parts.emulator.isLinked('ann')], [403, 'pending', false]);
});

flow('a login whose name was changed between confirmation and hand-over is refused', async () => {
  const parts = setUp();
  const driver = await parts.emulator.enable('ann');
  await driver.submit({ username: 'ann@example.com' });
  assert.is((await driver.submit({ username: 'bob@example.com' })).status, 403);
});

for (const [answer, outcome, status] of [
  ['error-page', 'error', 200],
  ['refusal', 'pending', 502],
  ['redirect', 'pending', 502],
] as const satisfies readonly [HandOverAnswer, string, number][]) {
  flow(`shows the user where a hand-over ended that Hub answered with ${answer}`, async () => {
    const parts = setUp();
    parts.emulator.answerHandOver(answer);
    const driver = await link(parts);
    assert.equal([driver.outcome, driver.page.status], [outcome, status]);
    assert.not(parts.emulator.isLinked('ann'));
    assert.equal(parts.emulator.journal.warnings(), []);
  });
}

flow('holds against every attack of hostile mode', async () => {
  const parts = setUp();
  await link(parts);
  await link(parts, 'bob');
  parts.clock.advance(1);
  for (const name of attackNames) {
    if (name === 'replay-after-revoke') await parts.hub.revoke('ann@example.com');
    const result = await parts.emulator.attack(name, 'ann');
    assert.ok(result.held, `${name}: ${result.status}`);
  }
  assert.equal(parts.emulator.journal.warnings(), []);
});

flow('rotates keys: both open, and the old one no longer once it is dropped', async () => {
  const [k1, k2] = [
    { id: 'k1', key: generateKey(seededRandom(1)) },
    { id: 'k2', key: generateKey(seededRandom(2)) },
  ];
  const before = setUp({ hub: { keys: [k1] } });
  await link(before);
  const during = setUp({ hub: { keys: [k2, k1] } });
  const after = setUp({ hub: { keys: [k2] } });
  const statusAt = async ({ app }: typeof before) => {
    before.emulator.registerApp({ name: 'acme', baseUrl: appUrl, handle: app });
    return (await before.emulator.notifications('ann')).status;
  };
  assert.equal([await statusAt(before), await statusAt(during), await statusAt(after)], [200, 200, 401]);
});

flow('keeps a sandbox apart by its environment', async () => {
  const [production, sandbox] = [setUp(), setUp({ hub: { environment: 'sandbox' } })];
  await link(production);
  production.emulator.registerApp({ name: 'acme', baseUrl: appUrl, handle: sandbox.app });
  assert.is((await production.emulator.notifications('ann')).status, 401);
});

flow.run();

const loopback = suite('hub · flow over loopback');

loopback('links, answers and pushes over real HTTP', async () => {
  const emulator = createEmulator({ users: [{ login: 'ann' }] });
  const hubServer = await emulator.serve();
  const patient = { timeoutMs: 60_000, deadlineMs: 60_000 };
  const hub = createHub({ app: 'acme', keys, hubs: [hubServer.url], allowInsecureLoopback: true, ...patient });
  const handler = hub.handler({ login: loginRoute, notifications: () => ({ count: 2 }) });
  const appServer = await serve(appAround({ hub, handler, claims: {} }));
  try {
    emulator.registerApp({ name: 'acme', baseUrl: appServer.url });
    const driver = await link({ emulator });
    assert.is(driver.outcome, 'success');
    assert.equal((await emulator.notifications('ann', { from: 'browser' })).body, { count: 2 });
    assert.equal(await hub.push('ann@example.com'), { ok: true });
    assert.is((await emulator.run()).length, 2);
    assert.ok((await emulator.attack('embedded-link', 'ann')).held);
  } finally {
    await Promise.all([hubServer.close(), appServer.close()]);
  }
});

loopback('refuses a Hub on plain http unless told', () => {
  assert.throws(() => createHub({ app: 'acme', keys, hubs: ['http://127.0.0.1:4000'] }), /hubs\[0\]/);
});

loopback.run();

const leaks = suite('hub · secrets');

leaks('appear in no event, error, page or journal', async () => {
  const key = generateKey(seededRandom(11));
  const outputs: unknown[] = [];
  const tokens: string[] = [];
  const parts = setUp({
    hub: {
      keys: [{ id: 'k1', key }],
      onEvent: (event) => outputs.push(event),
      fetch: async (input, init) => {
        const request = new Request(input, init);
        tokens.push(...[...(await request.clone().text()).matchAll(/v4\.local\.[\w.-]+/g)].map(String));
        return parts.emulator.fetch(request);
      },
    },
    claims: { password: 'marker-claim' },
    routes: {
      timeline: () => {
        throw new Error('the callback knows best what it throws');
      },
    },
  });
  await link(parts);
  for (const answer of ['refusal', 'not-json', 'drop', 'foreign-url'] as const) {
    parts.emulator.answerHandOver(answer);
    outputs.push((await link(parts, 'bob')).page.html);
  }
  await parts.emulator.notifications('ann');
  await parts.emulator.timeline('ann', { emails: ['marker-stranger@example.com'], search: 'marker-search' });
  parts.emulator.faults.add({ kind: 'status', status: 500, body: 'marker-answer' });
  await parts.hub.push('ann@example.com').catch((error: unknown) => outputs.push(error, inspect(error, { depth: 9 })));
  const refused = await parts.handler(ask('/v1/acme/notifications', { auth: tokens[0], username: 'marker-other' }));
  outputs.push(await refused.text(), [...refused.headers], parts.emulator.journal.entries, inspect(parts.hub));

  const text = outputs.map((output) => `${JSON.stringify(output)}${inspect(output, { depth: 9 })}`).join('\n');
  assert.ok(tokens.length >= 5);
  for (const token of tokens) assert.not(text.includes(token.slice(0, 60)));
  assert.not(text.includes(key));
  assert.not.match(text, /marker-/);
  assert.not.match(
    JSON.stringify(outputs.filter((output) => typeof output === 'object' && 'type' in (output as object))),
    /ann|bob/,
  );
});

leaks.run();

import { isXError } from '@x/http';
import { memoryStore, type Store } from '@x/http/store';
import { type ScriptedAnswer, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HandOverAnswer } from '../src/emulator/index.ts';
import type { HubEvent } from '../src/index.ts';
import { appUrl, beginLink, fromBrowser, hubOrigin, type Parts, setUp } from './support.ts';

const username = 'ann@example.com';

/** A link that only waits for its confirmation form. */
async function confirmed(parts: Parts, name = username) {
  const { cookie, state } = await beginLink(parts);
  const request = fromBrowser(cookie);
  const result = parts.hub.confirmLink(request, { state, username: name });
  assert.ok(result.ok);
  return { request, state, username: name, confirmation: result.confirmation, hub: result.hub };
}

const confirm = suite('link · confirmLink');

confirm('names the Hub and gives a token for the form', async () => {
  const { confirmation, hub } = await confirmed(setUp());
  assert.is(hub, hubOrigin);
  assert.match(confirmation, /^v4\.local\./);
});

confirm('row 23: without the cookie the user is told to start again', async () => {
  const parts = setUp();
  const { state } = await beginLink(parts);
  const result = parts.hub.confirmLink(fromBrowser(), { state, username });
  assert.not(result.ok);
  if (result.ok) return;
  assert.is(result.reason, 'binding-missing');
  assert.is(result.response.status, 400);
  assert.match(await result.response.text(), /start again from Hub/);
});

confirm('refuses a missing state, one of another browser, and the older of two tabs', async () => {
  const parts = setUp();
  const [older, newer] = [await beginLink(parts), await beginLink(parts)];
  const reasonOf = (cookie: string, state: string | undefined) => {
    const result = parts.hub.confirmLink(fromBrowser(cookie), { state, username });
    return result.ok ? 'ok' : `${result.response.status} ${result.reason}`;
  };
  assert.is(reasonOf(newer.cookie, newer.state), 'ok');
  assert.is(reasonOf(newer.cookie, older.state), '400 state-mismatch');
  assert.is(reasonOf(newer.cookie, undefined), '400 state-missing');
  assert.is(reasonOf(`${newer.cookie}; ${older.cookie}`, newer.state), '400 binding-missing');
});

confirm('keeps apart the links of apps and environments that share an origin', async () => {
  const begun = await Promise.all(
    [{}, { environment: 'sandbox' }, { app: 'beta' }].map(async (hub) => {
      const parts = setUp({ hub });
      return { parts, ...(await beginLink(parts, hub.app)) };
    }),
  );
  const names = new Set(begun.map(({ cookie }) => cookie.split('=')[0]));
  assert.is(names.size, 3);
  const cookies = begun.map(({ cookie }) => cookie).join('; ');
  for (const { parts, state } of begun) assert.ok(parts.hub.confirmLink(fromBrowser(cookies), { state, username }).ok);
});

confirm('refuses a link of a Hub that is no longer listed', async () => {
  const { cookie, state } = await beginLink(setUp({ hub: { hubs: [hubOrigin, 'https://b.example'] } }));
  const { hub } = setUp({ hub: { hubs: ['https://b.example'] } });
  const result = hub.confirmLink(fromBrowser(cookie), { state, username });
  assert.is(result.ok ? 'ok' : result.reason, 'state-malformed');
});

confirm.run();

const finish = suite('link · finishLink');

finish('hands the token over and sends the browser to Hub, once', async () => {
  const parts = setUp();
  await parts.emulator.enable('ann');
  const { request, ...options } = await confirmed(parts);
  const result = await parts.hub.finishLink(request, { ...options, claims: { plan: 'pro' } });
  assert.ok(result.ok);
  const { status, headers } = result.response;
  assert.is(status, 303);
  assert.is(headers.get('location'), `${hubOrigin}/hub/linked`);
  assert.is(headers.get('cache-control'), 'no-store');
  assert.is(headers.get('referrer-policy'), 'no-referrer');
  assert.match(headers.getSetCookie()[0] ?? '', /^__Host-hub-link-[0-9a-f]{8}=; Max-Age=0; .*SameSite=Lax$/);
  assert.ok(parts.emulator.isLinked('ann'));
  assert.equal(parts.emulator.journal.warnings(), []);
  assert.ok(parts.events.some(({ type }) => type === 'link-accepted'));
});

finish('row 24: refuses a state that was used, has expired or was altered', async () => {
  const parts = setUp();
  const { request, ...options } = await confirmed(parts);
  assert.ok((await parts.hub.finishLink(request, options)).ok === true);
  const outcomes = async (change: object) => {
    const result = await parts.hub.finishLink(request, { ...options, ...change });
    return result.ok ? 'ok' : `${result.response.status} ${result.reason}`;
  };
  const before = parts.emulator.journal.entries.length;
  assert.is(await outcomes({}), '400 state-used');
  assert.is(
    await outcomes({ state: `${options.state.slice(0, -40)}A${options.state.slice(-39)}` }),
    '400 state-malformed',
  );
  assert.is(await outcomes({ state: '' }), '400 state-missing');
  parts.clock.advance(600_000);
  assert.is(await outcomes({}), '400 state-expired');
  assert.is(parts.emulator.journal.entries.length, before);
});

finish('row 24: lets only one of two simultaneous forms through', async () => {
  const parts = setUp();
  const { request, ...options } = await confirmed(parts);
  const results = await Promise.all([parts.hub.finishLink(request, options), parts.hub.finishLink(request, options)]);
  assert.equal(results.map(({ ok }) => ok).sort(), [false, true]);
});

finish('says that the link is gone when the user is revoked while Hub is handed the token', async () => {
  const events: HubEvent[] = [];
  const parts = setUp({
    hub: {
      onEvent: (event) => events.push(event),
      fetch: async (input, init) => {
        await parts.hub.revoke(username);
        return parts.emulator.fetch(input as Request, init);
      },
    },
  });
  const { request, ...options } = await confirmed(parts);
  const result = await parts.hub.finishLink(request, options);
  assert.equal(result.ok ? 'ok' : [result.reason, result.response.status], ['revoked', 409]);
  assert.match(result.response.headers.get('set-cookie') ?? '', /Max-Age=0/);
  assert.ok(events.some((event) => event.type === 'link-refused' && event.reason === 'revoked'));
  assert.not(events.some((event) => event.type === 'link-accepted'));
});

finish('takes Hub at its word when the store cannot say whether the user was revoked meanwhile', async () => {
  const shared = memoryStore();
  let isAway = false;
  const store: Store = {
    ...shared,
    get: (key) => (isAway ? Promise.reject(new Error('away')) : shared.get(key)),
  };
  const parts = setUp({
    hub: {
      store,
      fetch: (input, init) => {
        isAway = true;
        return parts.emulator.fetch(input as Request, init);
      },
    },
  });
  const { request, ...options } = await confirmed(parts);
  assert.ok((await parts.hub.finishLink(request, options)).ok);
});

finish('row 25: refuses a confirmation that is missing, altered, or for another user, link or purpose', async () => {
  const parts = setUp();
  const { request, ...options } = await confirmed(parts);
  const other = await confirmed(parts);
  const ofBob = parts.hub.confirmLink(request, { state: options.state, username: 'bob@example.com' });
  const outcome = async (confirmation: string | undefined) => {
    const result = await parts.hub.finishLink(request, { ...options, confirmation });
    return result.ok ? 'ok' : `${result.response.status} ${result.reason}`;
  };
  assert.is(await outcome(undefined), '403 confirmation-missing');
  assert.is(await outcome(''), '403 confirmation-missing');
  for (const wrong of [
    'x',
    options.state,
    other.confirmation,
    ofBob.ok ? ofBob.confirmation : '',
    `${options.confirmation}A`,
  ]) {
    assert.is(await outcome(wrong), '403 confirmation-invalid');
  }
  assert.is(await outcome(options.confirmation), 'ok');
});

for (const name of ['.', '..', '', 'x'.repeat(300), 'ann\0', 'ann\ud800', undefined as never]) {
  finish(`row 26: refuses the username ${String(JSON.stringify(name)).slice(0, 12)} without calling Hub`, async () => {
    const parts = setUp();
    const { request, ...options } = await confirmed(parts);
    const result = await parts.hub.finishLink(request, { ...options, username: name });
    assert.equal(result.ok ? 'ok' : [result.reason, result.response.status], ['username-invalid', 400]);
    assert.is(parts.emulator.journal.entries.length, 0);
  });
}

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;
const unsealable: readonly [what: string, claims: unknown][] = [
  ['a cycle', cycle],
  ['a big integer', { id: 1n }],
  ['an undefined member', { id: undefined }],
  ['a date', { at: new Date(0) }],
  ['no object', 'pro'],
  ['an array', []],
  ['too much', { note: 'x'.repeat(3000) }],
];

for (const [what, claims] of unsealable) {
  finish(`row 27: answers 500 for claims that are ${what}, without calling Hub`, async () => {
    const parts = setUp();
    const { request, ...options } = await confirmed(parts);
    const result = await parts.hub.finishLink(request, { ...options, claims: claims as never });
    assert.equal(result.ok ? 'ok' : [result.reason, result.response.status], ['claims-invalid', 500]);
    assert.is(parts.emulator.journal.entries.length, 0);
  });
}

const misbehaviour: readonly [row: number, answer: HandOverAnswer, status: number, reason: string][] = [
  [28, 'refusal', 502, 'hub-refused'],
  [28, 'failure', 502, 'hub-refused'],
  [29, 'redirect', 502, 'hub-redirected'],
  [30, 'html', 502, 'hub-answer-invalid'],
  [30, 'empty', 502, 'hub-answer-invalid'],
  [30, 'not-json', 502, 'hub-answer-invalid'],
  [30, 'array', 502, 'hub-answer-invalid'],
  [31, 'url-missing', 502, 'hub-answer-invalid'],
  [31, 'url-number', 502, 'hub-answer-invalid'],
  [31, 'url-empty', 502, 'hub-answer-invalid'],
  [32, 'foreign-url', 502, 'hub-url-untrusted'],
  [32, 'scheme-relative-url', 502, 'hub-url-untrusted'],
  [32, 'script-url', 502, 'hub-url-untrusted'],
  [32, 'line-break-url', 502, 'hub-url-untrusted'],
  [33, 'huge', 502, 'hub-answer-too-large'],
  [34, 'slow', 504, 'hub-timeout'],
  [35, 'drop', 502, 'hub-unreachable'],
];

for (const [row, answer, status, reason] of misbehaviour) {
  finish(`row ${row}: answers ${status} when Hub's answer is ${answer}`, async () => {
    const parts = setUp({ hub: { timeoutMs: answer === 'slow' ? 20 : 60_000 } });
    const { request, ...options } = await confirmed(parts);
    parts.emulator.answerHandOver(answer);
    const result = await parts.hub.finishLink(request, options);
    assert.equal(result.ok ? 'ok' : [result.reason, result.response.status], [reason, status]);
    assert.is(result.response.headers.get('location'), null);
    assert.match(result.response.headers.get('content-type') ?? '', /^text\/html/);
    const calls = parts.emulator.journal.entries.map(({ method, path }) => `${method} ${path}`);
    assert.equal(calls, ['POST /v1/acme/ann%40example.com/auth'], 'one call, not followed and not repeated');
    if (!result.ok && result.error !== undefined) assert.ok(isXError(result.error));
  });
}

const withBodies: readonly [what: string, answer: ScriptedAnswer, reason: string][] = [
  ['streams more than 64 KiB', new Response(new Blob(['x'.repeat(65_537)]).stream()), 'hub-answer-too-large'],
  ['is not UTF-8', new Response(new Uint8Array([0x7b, 0xff, 0x7d])), 'hub-answer-invalid'],
  ['is 204', new Response(null, { status: 204 }), 'hub-answer-invalid'],
  [
    'breaks off',
    new Response(
      new ReadableStream({
        pull: (controller) => controller.error(new TypeError('terminated')),
      }),
    ),
    'hub-unreachable',
  ],
];

for (const [what, answer, reason] of withBodies) {
  finish(`refuses an answer that ${what}`, async () => {
    const parts = setUp({ hub: { fetch: scriptedFetch([answer]) } });
    const { request, ...options } = await confirmed(parts);
    const result = await parts.hub.finishLink(request, options);
    assert.is(result.ok ? 'ok' : result.reason, reason);
  });
}

finish('takes exactly 64 KiB', async () => {
  const url = `${hubOrigin}/x`;
  const frame = JSON.stringify({ url, padding: '' }).length;
  const text = JSON.stringify({ url, padding: 'x'.repeat(65_536 - frame) });
  const parts = setUp({ hub: { fetch: scriptedFetch([new Response(text)]) } });
  const { request, ...options } = await confirmed(parts);
  assert.ok((await parts.hub.finishLink(request, options)).ok);
});

finish('stops when its caller does', async () => {
  const controller = new AbortController();
  const fetch = scriptedFetch([
    () => {
      controller.abort();
      return new Promise(() => {});
    },
  ]);
  const parts = setUp({ hub: { fetch } });
  const { request, ...options } = await confirmed(parts);
  const result = await parts.hub.finishLink(request, { ...options, signal: controller.signal });
  assert.is(result.ok ? 'ok' : result.reason, 'hub-unreachable');
});

finish('leaves the link as it is when its caller stopped before the hand-over', async () => {
  const parts = setUp();
  await parts.emulator.enable('ann');
  const { request, ...options } = await confirmed(parts);
  const before = parts.emulator.journal.entries.length;
  const result = await parts.hub.finishLink(request, { ...options, signal: AbortSignal.abort() });
  assert.equal(result.ok ? 'ok' : [result.reason, result.response.status], ['aborted', 503]);
  assert.match(await result.response.text(), /has not been linked/);
  assert.is(parts.emulator.journal.entries.length, before);
  assert.ok((await parts.hub.finishLink(request, options)).ok);
});

for (const operation of ['get', 'compareAndSet'] as const) {
  for (const [what, work] of [
    ['hangs', () => new Promise<never>(() => {})],
    ['fails', () => Promise.reject(new Error('down'))],
  ] as const) {
    finish(`answers 500 when ${operation} of the store ${what}, without calling Hub`, async () => {
      const parts = setUp({ hub: { store: { ...memoryStore(), [operation]: work }, timeoutMs: 20 } });
      const { request, ...options } = await confirmed(parts);
      const result = await parts.hub.finishLink(request, options);
      assert.equal(result.ok ? 'ok' : [result.reason, result.response.status], ['store-failed', 500]);
      assert.match(result.ok ? '' : String(result.error), what === 'fails' ? /down/ : /took longer than 20 ms/);
      assert.is(parts.emulator.journal.entries.length, 0);
    });
  }
}

finish('follows Hub to a client host only where that is listed', async () => {
  for (const redirectOrigins of [[], ['https://client.example']]) {
    const fetch = scriptedFetch([Response.json({ url: 'https://client.example/linked' })]);
    const parts = setUp({ hub: { fetch, redirectOrigins } });
    const { request, ...options } = await confirmed(parts);
    assert.is((await parts.hub.finishLink(request, options)).ok, redirectOrigins.length > 0);
  }
});

for (const [name, path] of [
  ['ann@example.com', '/v1/acme/ann%40example.com/auth'],
  ['a/b', '/v1/acme/a%2Fb/auth'],
  ['a+b', '/v1/acme/a%2Bb/auth'],
  ['%2e%2e', '/v1/acme/%252e%252e/auth'],
  ['é', '/v1/acme/%C3%A9/auth'],
] as const) {
  finish(`posts the token of ${name} to ${path} (§12)`, async () => {
    const fetch = scriptedFetch([Response.json({ url: '/linked' })]);
    const parts = setUp({ hub: { fetch } });
    const { request, ...options } = await confirmed(parts, name);
    assert.ok((await parts.hub.finishLink(request, options)).ok);
    const [sent] = fetch.requests;
    assert.is(sent?.url, `${hubOrigin}${path}`);
    assert.is(sent?.method, 'POST');
    assert.match(sent?.headers.get('content-type') ?? '', /^application\/json/);
    const body = (await sent?.json()) as Record<string, unknown>;
    assert.equal(Object.keys(body), ['auth']);
    assert.match(String(body['auth']), /^v4\.local\./);
  });
}

finish('partitions its cookie where the login runs in a frame', async () => {
  const parts = setUp({ hub: { cookieSameSite: 'None' } });
  const response = await parts.handler(new Request(`${appUrl}/v1/acme/authenticate?hubUrl=${hubOrigin}`));
  assert.match(response.headers.getSetCookie()[0] ?? '', /; Secure; HttpOnly; SameSite=None; Partitioned$/);
});

finish.run();

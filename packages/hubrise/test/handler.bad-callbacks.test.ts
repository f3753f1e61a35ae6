import { seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ConnectFailure, CreateConnectHandlerOptions } from '../src/handler.ts';
import { createHubRise } from '../src/hubrise.ts';
import { cookieName, setUpApp } from './app.ts';
import { clientSecret } from './support.ts';

const bad = suite('hubrise · createConnectHandler · bad callbacks');

interface Row {
  readonly name: string;
  readonly reason: ConnectFailure['reason'];
  readonly status?: number;
  /** Spoils a good callback, and may give another cookie to send with it. */
  readonly spoil: (good: { url: URL; cookie: string; app: ReturnType<typeof setUpApp> }) => unknown;
  readonly options?: Partial<CreateConnectHandlerOptions>;
}

const withQuery =
  (change: (parameters: URLSearchParams) => void) =>
  ({ url }: { url: URL }) =>
    change(url.searchParams);
const withWholeQuery =
  (query: string) =>
  ({ url }: { url: URL }): void => {
    url.search = query;
  };
const otherFlow = async (options: Partial<CreateConnectHandlerOptions>): Promise<{ state: string; cookie: string }> =>
  setUpApp(options).begin();

const rows: Row[] = [
  { name: 'no query', reason: 'code-missing', spoil: withWholeQuery('') },
  { name: 'no code', reason: 'code-missing', spoil: withQuery((query) => query.delete('code')) },
  { name: 'an empty code', reason: 'code-missing', spoil: withQuery((query) => query.set('code', '')) },
  {
    name: 'a code with a space inside',
    reason: 'code-malformed',
    spoil: withQuery((query) => query.set('code', 'a b')),
  },
  {
    name: 'a code of 513 characters',
    reason: 'code-malformed',
    spoil: withQuery((query) => query.set('code', 'a'.repeat(513))),
  },
  { name: 'a code with a null', reason: 'code-malformed', spoil: withQuery((query) => query.set('code', 'a\0b')) },
  { name: 'two codes', reason: 'parameter-repeated', spoil: withQuery((query) => query.append('code', 'second')) },
  {
    name: 'the same code twice',
    reason: 'parameter-repeated',
    spoil: withQuery((query) => query.append('code', query.get('code') ?? '')),
  },
  {
    name: 'a state that is no UTF-8',
    reason: 'parameter-malformed',
    spoil: ({ url }) => {
      url.search = url.search.replace('state=', 'state=%ff');
      return undefined;
    },
  },
  { name: 'no state', reason: 'state-missing', spoil: withQuery((query) => query.delete('state')) },
  { name: 'an empty state', reason: 'state-missing', spoil: withQuery((query) => query.set('state', '')) },
  { name: 'two states', reason: 'parameter-repeated', spoil: withQuery((query) => query.append('state', 'second')) },
  { name: 'a state that is none', reason: 'state-malformed', spoil: withQuery((query) => query.set('state', 'guess')) },
  {
    name: 'a state with its last character changed',
    reason: 'state-malformed',
    spoil: withQuery((query) => {
      const state = query.get('state') ?? '';
      query.set('state', state.slice(0, -1) + (state.endsWith('A') ? 'B' : 'A'));
    }),
  },
  {
    name: 'a state with a character changed in the middle',
    reason: 'state-malformed',
    spoil: withQuery((query) => {
      const state = query.get('state') ?? '';
      query.set('state', `${state.slice(0, 60)}${state[60] === 'A' ? 'B' : 'A'}${state.slice(61)}`);
    }),
  },
  {
    name: 'a state that is cut short',
    reason: 'state-malformed',
    spoil: withQuery((query) => query.set('state', (query.get('state') ?? '').slice(0, 80))),
  },
  {
    name: 'a state of 16,000 characters',
    reason: 'state-malformed',
    spoil: withQuery((query) => query.set('state', 'v4.local.'.padEnd(16_000, 'A'))),
  },
  {
    name: 'a query beyond the limit',
    reason: 'redirect-too-long',
    spoil: withQuery((query) => query.set('state', 'A'.repeat(17_000))),
  },
  { name: 'a state that is ten minutes old', reason: 'state-expired', spoil: ({ app }) => app.clock.advance(600_000) },
  { name: 'no cookie', reason: 'binding-missing', spoil: () => ({ cookie: undefined }) },
  { name: 'an empty cookie', reason: 'binding-missing', spoil: () => ({ cookie: `${cookieName}=` }) },
  {
    name: 'another cookie only',
    reason: 'binding-missing',
    spoil: ({ cookie }) => ({ cookie: cookie.replace('__Host-', '') }),
  },
  { name: 'the cookie twice', reason: 'binding-missing', spoil: ({ cookie }) => ({ cookie: `${cookie}; ${cookie}` }) },
  { name: 'a cookie that is none of ours', reason: 'state-mismatch', spoil: () => ({ cookie: `${cookieName}=guess` }) },
  {
    name: 'the cookie of a foreign browser',
    reason: 'state-mismatch',
    spoil: async () => ({ cookie: (await otherFlow({ random: seededRandom(99) })).cookie }),
  },
  {
    name: "an attacker's state in the victim's browser",
    reason: 'state-mismatch',
    spoil: async ({ url }) => url.searchParams.set('state', (await otherFlow({ random: seededRandom(99) })).state),
  },
  {
    name: 'the state of an older flow of the same browser',
    reason: 'state-mismatch',
    spoil: async ({ app }) => ({ cookie: (await app.begin()).cookie }),
  },
  {
    name: 'state and cookie of another client with the same keys',
    reason: 'state-malformed',
    spoil: async ({ url }) => {
      const hubrise = createHubRise({ clientId: 'other.clients.hubrise.com', clientSecret });
      const other = await otherFlow({ hubrise });
      url.searchParams.set('state', other.state);
      return { cookie: other.cookie };
    },
  },
  {
    name: 'state and cookie of another callback with the same keys',
    reason: 'state-malformed',
    spoil: async ({ url }) => {
      const other = await otherFlow({ redirectUri: 'https://myapp.com/other_callback' });
      url.searchParams.set('state', other.state);
      return { cookie: other.cookie };
    },
  },
  {
    name: 'state and cookie of another context',
    reason: 'state-malformed',
    spoil: async ({ url }) => {
      const other = await otherFlow({ context: ['staging'] });
      url.searchParams.set('state', other.state);
      return { cookie: other.cookie };
    },
  },
  {
    name: 'state and cookie sealed with other keys',
    reason: 'state-malformed',
    spoil: async ({ url }) => {
      const other = await otherFlow({ keys: [{ id: 'k1', key: new Uint8Array(32).fill(8) }] });
      url.searchParams.set('state', other.state);
      return { cookie: other.cookie };
    },
  },
  {
    name: 'a refusal',
    reason: 'denied',
    spoil: withQuery((query) => {
      query.delete('code');
      query.set('error', 'access_denied');
    }),
  },
  {
    name: 'a refusal without state and cookie',
    reason: 'denied',
    spoil: ({ url }) => {
      url.search = '?error=access_denied';
      return { cookie: undefined };
    },
  },
  { name: 'a request that was too old', reason: 'expired', spoil: withWholeQuery('?error=expired') },
  {
    name: 'an error with markup',
    reason: 'provider-error',
    spoil: withWholeQuery('?error=%3Cscript%3Ealert(1)%3C/script%3E&error_description=%3Cb%3E'),
  },
  { name: 'an empty error', reason: 'provider-error', spoil: withWholeQuery('?error=') },
  {
    name: 'two errors',
    reason: 'parameter-repeated',
    spoil: withWholeQuery('?error=expired&error=x'),
  },
  {
    name: 'a code and an error',
    reason: 'code-and-error',
    spoil: withQuery((query) => query.set('error', 'access_denied')),
  },
  {
    name: 'a code that HubRise never issued',
    reason: 'exchange-failed',
    spoil: withQuery((query) => query.set('code', 'guess')),
  },
  {
    name: 'a code that was exchanged before',
    reason: 'exchange-failed',
    spoil: async ({ app, url }) => void (await app.hubrise.exchange(url.searchParams.get('code') ?? '')),
  },
  {
    name: 'a code that is ten minutes old',
    reason: 'exchange-failed',
    options: { ttlMs: 3_600_000 },
    spoil: ({ app }) => app.clock.advance(600_000),
  },
  {
    name: 'a token endpoint that is down',
    reason: 'exchange-failed',
    status: 502,
    spoil: ({ app }) => app.emulator.faults.add({ kind: 'status', status: 503 }, { path: '/oauth2/v1/token' }),
  },
  {
    name: 'a token endpoint that drops the connection',
    reason: 'exchange-failed',
    status: 502,
    spoil: ({ app }) => app.emulator.faults.add({ kind: 'drop-after' }, { path: '/oauth2/v1/token' }),
  },
  {
    name: 'a token endpoint that answers in HTML',
    reason: 'exchange-failed',
    status: 502,
    spoil: ({ app }) =>
      app.emulator.faults.add({ kind: 'status', status: 200, body: '<h1>Hello</h1>' }, { path: '/oauth2/v1/token' }),
  },
  {
    name: 'an application that fails to store the connection',
    reason: 'on-connected-failed',
    status: 500,
    options: {
      onConnected: () => {
        throw new Error('database-password-in-message');
      },
    },
    spoil: () => {},
  },
];

const pages = new Set<string>();
for (const { name, reason, status = 400, spoil, options } of rows) {
  bad(`answers ${name} with the neutral page: ${reason}`, async () => {
    const app = setUpApp(options);
    const { authorize, cookie } = await app.begin();
    const url = await app.consent(authorize);
    const spoilt = ((await spoil({ url, cookie, app })) ?? {}) as { readonly cookie?: string | undefined };
    const sent = 'cookie' in spoilt ? spoilt.cookie : cookie;
    const response = await app.finish(url, sent);

    assert.is(app.failures[0]?.reason, reason);
    assert.is(response.status, status);
    const cleared = /^__Host-hubrise-connect=; Max-Age=0; Path=\/; Secure/.test(
      response.headers.get('set-cookie') ?? '',
    );
    assert.is(cleared, app.failures[0]?.claims !== undefined);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.is(response.headers.get('cache-control'), 'no-store');
    assert.is(response.headers.get('referrer-policy'), 'no-referrer');
    pages.add(await response.text());
    assert.is(pages.size, 1, 'one page, whatever the reason');
    assert.equal(app.connected, []);
    const exchanged = reason === 'on-connected-failed';
    const event = app.events.at(-1);
    assert.ok(event?.type === 'connect-failed' && event.reason === reason && event.exchanged === exchanged);
  });
}
bad.run();

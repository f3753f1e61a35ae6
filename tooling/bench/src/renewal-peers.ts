import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient, renewableCredential } from '@x/http';
import { memoryStore, type Store } from '@x/http/store';
import { install } from './install.ts';
import type { Granted } from './rotating-authority.ts';

/** One caller's way to a token that can be used. */
export type GetToken = () => Promise<string | undefined>;

/** Something that keeps a token fresh, or leaves that to its user. */
export interface RenewalContender {
  readonly name: string;
  /** What it does by itself. */
  readonly facility: string;
  /** Makes its holder of an expired access token; the callers share it. */
  begin(granted: Granted, url: string): Promise<GetToken>;
}

const versions = {
  'google-auth-library': '11.3.4',
  'openid-client': '6.8.9',
  'simple-oauth2': '5.1.0',
  '@slack/oauth': '4.0.0',
} as const;

const app = { id: 'app', secret: 'the secret of the app' };

/** What is used of each peer. */
interface Peers {
  readonly google: {
    readonly OAuth2Client: new (
      options: object,
    ) => { setCredentials(tokens: object): void; getAccessToken(): Promise<{ readonly token?: string | null }> };
  };
  readonly openid: {
    readonly Configuration: new (server: object, clientId: string, metadata: object) => object;
    allowInsecureRequests(configuration: object): void;
    refreshTokenGrant(
      configuration: object,
      refresh: string,
    ): Promise<{
      readonly access_token: string;
      readonly refresh_token?: string;
      readonly expires_in?: number;
    }>;
  };
  readonly simple: { readonly AuthorizationCode: new (options: object) => { createToken(token: object): SimpleToken } };
  readonly slack: {
    readonly InstallProvider: new (
      options: object,
    ) => { authorize(query: object): Promise<{ readonly botToken?: string }> };
  };
}

interface SimpleToken {
  readonly token: { readonly access_token: string };
  expired(): boolean;
  refresh(): Promise<SimpleToken>;
}

/** Installs the peers into a folder, and tells how each is used by its documentation. */
export async function peerContenders(folder: string): Promise<readonly RenewalContender[]> {
  install(folder, { dependencies: versions });
  const module = join(folder, 'peers.mjs');
  writeFileSync(
    module,
    `export { default as google } from 'google-auth-library';
export * as openid from 'openid-client';
export { default as simple } from 'simple-oauth2';
export { default as slack } from '@slack/oauth';
`,
  );
  const peers = (await import(pathToFileURL(module).href)) as Peers;
  return [
    {
      name: `google-auth-library ${versions['google-auth-library']}`,
      facility: 'renews by itself',
      async begin(granted, url) {
        const client = new peers.google.OAuth2Client({
          clientId: app.id,
          clientSecret: app.secret,
          endpoints: { oauth2TokenUrl: `${url}/token` },
          eagerRefreshThresholdMillis: 0,
        });
        client.setCredentials({ access_token: granted.access, refresh_token: granted.refresh, expiry_date: 1 });
        return async () => (await client.getAccessToken()).token ?? undefined;
      },
    },
    {
      name: `@slack/oauth ${versions['@slack/oauth']}`,
      facility: 'renews by itself',
      begin: async (granted, url) => beginSlack(peers, granted, url),
    },
    {
      name: `simple-oauth2 ${versions['simple-oauth2']}`,
      facility: 'none: expired(), then refresh()',
      async begin(granted, url) {
        const client = new peers.simple.AuthorizationCode({
          client: app,
          auth: { tokenHost: url, tokenPath: '/token' },
        });
        let held = client.createToken({
          access_token: granted.access,
          refresh_token: granted.refresh,
          expires_at: new Date(0).toISOString(),
        });
        return async () => {
          if (held.expired()) held = await held.refresh();
          return held.token.access_token;
        };
      },
    },
    {
      name: `openid-client ${versions['openid-client']}`,
      facility: 'none: refreshTokenGrant()',
      async begin(granted, url) {
        const server = { issuer: url, token_endpoint: `${url}/token` };
        const configuration = new peers.openid.Configuration(server, app.id, { client_secret: app.secret });
        peers.openid.allowInsecureRequests(configuration);
        let held = { token: granted.access, refresh: granted.refresh, untilMs: 0 };
        return async () => {
          if (Date.now() >= held.untilMs) {
            const renewed = await peers.openid.refreshTokenGrant(configuration, held.refresh);
            const untilMs = Date.now() + (renewed.expires_in ?? 0) * 1000;
            held = { token: renewed.access_token, refresh: renewed.refresh_token ?? held.refresh, untilMs };
          }
          return held.token;
        };
      },
    },
  ];
}

const names = ['debug', 'info', 'warn', 'error', 'setLevel', 'getLevel', 'setName'] as const;
/** What it would say of each failure; the table says it as well. */
const silent = Object.fromEntries(names.map((name) => [name, () => {}]));

function beginSlack({ slack }: Peers, granted: Granted, url: string): GetToken {
  let installation: object = {
    team: { id: 'T1' },
    isEnterpriseInstall: false,
    user: { id: 'U1', token: undefined, scopes: undefined },
    bot: { token: granted.access, refreshToken: granted.refresh, expiresAt: 1, scopes: [], userId: 'B1', id: 'B1' },
    tokenType: 'bot',
    authVersion: 'v2',
  };
  const provider = new slack.InstallProvider({
    clientId: app.id,
    clientSecret: app.secret,
    stateSecret: 'the secret of the state',
    logger: { ...silent },
    clientOptions: { slackApiUrl: `${url}/`, retryConfig: { retries: 0 } },
    installationStore: {
      storeInstallation: async (changed: object) => {
        installation = changed;
      },
      fetchInstallation: async () => structuredClone(installation),
    },
  });
  return async () => (await provider.authorize({ teamId: 'T1', isEnterpriseInstall: false })).botToken;
}

interface Session extends Granted {
  readonly expiresAtMs: number;
}

/**
 * Ours, in one process and in several that share a store.
 *
 * @param clock Tells when tokens end; default the platform's.
 */
export const ourContenders = (clock: () => number = Date.now): readonly RenewalContender[] => [
  {
    name: '@x/http',
    facility: 'renews by itself',
    async begin(granted, url) {
      const credential = credentialOf(url, clock, undefined);
      await credential.replace({ ...granted, expiresAtMs: 1 });
      return async () => (await credential.get()).access;
    },
  },
  {
    name: '@x/http, each caller a process',
    facility: 'renews by itself, over one store',
    async begin(granted, url) {
      const store = memoryStore({ clock });
      await credentialOf(url, clock, store).replace({ ...granted, expiresAtMs: 1 });
      return async () => (await credentialOf(url, clock, store).get()).access;
    },
  },
];

/** What keeps an answer for so long is no machine that is slow. */
const patienceMs = 60_000;

function credentialOf(url: string, clock: () => number, store: Store | undefined) {
  const client = createClient({ provider: 'sample', baseUrl: url, timeoutMs: patienceMs });
  return renewableCredential<Session>({
    provider: 'sample',
    key: 'sample/1',
    renewal: 'rotating',
    store,
    clock,
    issueTimeoutMs: patienceMs,
    async issue({ signal, previous }) {
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: previous?.refresh ?? '' });
      const answer = await client.post('token', { body, signal }).json<Readonly<Record<string, string>>>();
      const { access_token: access = '', refresh_token: refresh = '', expires_in: seconds } = answer;
      return { access, refresh, expiresAtMs: clock() + Number(seconds) * 1000 };
    },
    toHeaders: ({ access }) => ({ authorization: `Bearer ${access}` }),
    expiresAtMs: ({ expiresAtMs }) => expiresAtMs,
  });
}

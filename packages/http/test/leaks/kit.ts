import type { KyInstance, Options } from 'ky';
import type * as Emulator from '../../src/emulator/index.ts';
import type * as Events from '../../src/events.ts';
import type * as Http from '../../src/index.ts';
import type { CreateClientOptions } from '../../src/index.ts';
import type * as OptionsEntry from '../../src/options/index.ts';
import type * as Server from '../../src/server/index.ts';
import { leaksIn, printedForms } from './forms.ts';

/** What is under test: the sources, or the built package on some runtime. */
export interface LeakApi {
  readonly http: typeof Http;
  readonly emulator: typeof Emulator;
  readonly events: typeof Events;
  readonly options: typeof OptionsEntry;
  readonly server: typeof Server;
}

/** One way to fail with every secret in play. */
export interface LeakCase {
  readonly name: string;
  /** The code of the error, or the name of one that has none. */
  readonly expected: string;
  readonly fail: (kit: Kit) => unknown;
}

/** What came of a case. */
export interface LeakOutcome {
  readonly seen: string;
  readonly leaks: readonly string[];
}

/** A secret for each place, all different, and all different in every encoding. */
export const secrets = Object.freeze(
  Object.fromEntries(
    [
      ...['credential', 'basicUser', 'basicPassword', 'fixedHeader', 'ownHeader', 'cookie', 'query', 'inlineQuery'],
      ...['path', 'requestBody', 'formBody', 'responseBody', 'responseHeader', 'setCookie', 'statusText', 'location'],
      ...['reason', 'thrown', 'issued', 'userInfo', 'fault'],
    ]
      .map((place) => [place, `m4rk3r ${place} /+=&"%20${place.length}0123456789`])
      .concat([['tokenShaped', 'M4rk3rToken0123456789abcdef']]),
  ) as Record<Place, string>,
);
type Place =
  | 'credential'
  | 'basicUser'
  | 'basicPassword'
  | 'fixedHeader'
  | 'ownHeader'
  | 'cookie'
  | 'query'
  | 'inlineQuery'
  | 'path'
  | 'requestBody'
  | 'formBody'
  | 'responseBody'
  | 'responseHeader'
  | 'setCookie'
  | 'statusText'
  | 'location'
  | 'reason'
  | 'thrown'
  | 'issued'
  | 'userInfo'
  | 'tokenShaped'
  | 'fault';

export type Method = 'get' | 'post';

/** What a case fails with. */
export interface Kit {
  readonly api: LeakApi;
  readonly emulator: Emulator.Scaffold;
  /** Everything that was told or written besides the error. */
  readonly texts: string[];
  readonly client: (options?: Partial<CreateClientOptions>) => KyInstance;
  /** Sends a request with a secret wherever one fits, and reads its answer as JSON. */
  readonly send: (client: KyInstance, options?: SendOptions) => Promise<unknown>;
}

export interface SendOptions extends Omit<Options, 'method'> {
  readonly method?: Method;
  /** The status that the provider answers with. */
  readonly status?: number;
  readonly schema?: Parameters<ReturnType<KyInstance>['json']>[0];
}

const baseUrl = 'https://api.example.com/v1/';
/** Milliseconds that no case waits for. */
export const never = 60_000;

/** Throws something with the secret in every corner that an error has. */
export function throwMarked(): never {
  const cause = Object.assign(new Error(secrets.thrown), {
    code: secrets.tokenShaped,
    data: { secret: secrets.thrown },
  });
  throw Object.assign(new TypeError(secrets.thrown, { cause }), { name: secrets.tokenShaped, secret: secrets.thrown });
}

function basic(): string {
  return `Basic ${btoa(`${secrets.basicUser}:${secrets.basicPassword}`)}`;
}

function createKit(api: LeakApi): Kit {
  const texts: string[] = [];
  const handle = async ({ request, url, body }: Emulator.Exchange): Promise<Response> => {
    const status = Number(url.pathname.split('/')[2]);
    const seen = { url: url.href, headers: [...request.headers], body: await body(), secret: secrets.responseBody };
    const record = { [`m4rk3r-${secrets.responseBody}`]: secrets.responseBody };
    return new Response(JSON.stringify({ id: secrets.responseBody, seen, record }), {
      status,
      statusText: secrets.statusText,
      headers: {
        'content-type': 'application/json',
        'x-secret': secrets.responseHeader,
        'set-cookie': `session=${encodeURIComponent(secrets.setCookie)}`,
        // as a gateway may echo it
        ...(status >= 400 ? { 'x-request-id': request.headers.get('authorization') ?? '' } : {}),
        ...(status >= 300 && status < 400 ? { location: locations[status] ?? '' } : {}),
      },
    });
  };
  const emulator = api.emulator.createScaffold({
    routes: ['GET', 'POST'].map((method) => ({ method, path: '/**:path', handle })),
  });
  return {
    api,
    emulator,
    texts,
    client: (options) =>
      api.http.createClient({
        provider: 'sample',
        baseUrl,
        credential: api.http.staticCredential({ authorization: basic(), 'x-token': secrets.credential }),
        headers: { 'x-fixed': secrets.fixedHeader },
        timeoutMs: never,
        fetch: emulator.fetch,
        retry: { limit: 1, baseDelayMs: 0 },
        onEvent: (event) => void texts.push(JSON.stringify(event), ...printedForms(event)),
        ...options,
      }),
    send(client, { method = 'get', status = 200, schema, ...options } = {}) {
      const input = `${status}/${encodeURIComponent(secrets.path)}?inline=${encodeURIComponent(secrets.inlineQuery)}`;
      const body = method === 'post' ? { json: { secret: secrets.requestBody } } : {};
      const answer = client(input, {
        method,
        searchParams: { token: secrets.query },
        headers: { 'x-own': secrets.ownHeader, cookie: `session=${secrets.cookie}` },
        ...body,
        ...options,
      });
      return schema === undefined ? answer.json() : answer.json(schema as never);
    },
  };
}

/** Where redirects lead, by status. */
const locations: Record<number, string> = {
  301: `https://user:${encodeURIComponent(secrets.userInfo)}@b.example/v1/404/x`,
  302: `https://b.example/v1/404/x?token=${encodeURIComponent(secrets.location)}`,
  303: `ftp://b.example/${encodeURIComponent(secrets.location)}`,
  307: `/v1/307/x?token=${encodeURIComponent(secrets.location)}`,
  308: `http://[${encodeURIComponent(secrets.location)}`,
};

/** Runs a case and looks for every secret in everything that it left behind. */
export async function runLeakCase(api: LeakApi, { fail }: LeakCase): Promise<LeakOutcome> {
  const kit = createKit(api);
  let error: unknown;
  try {
    await fail(kit);
  } catch (thrown) {
    error = thrown;
  }
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  const journal = JSON.stringify(kit.emulator.journal.entries);
  const texts = [...kit.texts, journal, ...(error === undefined ? [] : printedForms(error))];
  const leaks = Object.values(secrets).flatMap((secret) => leaksIn(texts, secret));
  return { seen: error === undefined ? 'nothing' : String(code ?? name), leaks };
}

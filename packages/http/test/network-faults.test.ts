import { createServer as createNetServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { createCertificate, holdPort, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateClientOptions, createClient } from '../src/client.ts';
import { staticCredential } from '../src/credential.ts';
import { ContractError, RequestError, ResponseError, type XError } from '../src/errors.ts';
import type { ClientEvent } from '../src/events.ts';
import { leaksIn, printedForms } from './leaks/forms.ts';
import { loopback, sendJson } from './loopback.ts';

/** In the credential, the query, the body that is sent and the one that comes back. */
const marker = 'mArk3r/7+of=a secret-0123456789';
const megabytes = 10_000_000;

/** A server below HTTP: it does to a socket what a row says once a whole request header has come. */
interface Wire {
  readonly url: string;
  /** How many requests came. */
  readonly requests: () => number;
  /** Settles once every connection has ended, on both sides. */
  readonly closed: () => Promise<void>;
  readonly close: () => Promise<void>;
}

type Answer = (socket: Socket) => void;
type Serve = 'tcp' | 'tls' | 'tcp called https' | 'nobody';

/** Where nobody listens. */
async function nobody(): Promise<Wire> {
  const { port, release } = await holdPort();
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => 0,
    closed: async () => {},
    close: async () => release(),
  };
}

async function wire(how: Exclude<Serve, 'nobody'>, answer: Answer): Promise<Wire> {
  const sockets: Socket[] = [];
  let requests = 0;
  const ended: Promise<void>[] = [];
  const take = (socket: Socket): void => {
    sockets.push(socket);
    ended.push(new Promise((resolve) => socket.on('close', () => resolve())));
    socket.on('error', () => {}); // a client that hangs up is what most rows are about
    let seen = '';
    const begun = (): boolean => seen.includes('\r\n\r\n') || how === 'tcp called https';
    socket.on('data', (chunk) => {
      const before = seen !== '' && begun();
      seen += chunk.toString('latin1');
      if (before || !begun()) return;
      requests += 1;
      answer(socket);
    });
  };
  const server: Server = how === 'tls' ? createTlsServer(createCertificate(), take) : createNetServer(take);
  server.on('tlsClientError', () => {}); // the client refuses the certificate, as it should
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return {
    url: `${how === 'tcp' ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests: () => requests,
    closed: async () => void (await Promise.all(ended)),
    close,
  };
}

const ok = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const half = `{"a":"${marker}"`;
const chunk = (text: string | Uint8Array): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const say =
  (...parts: readonly (string | Uint8Array)[]): Answer =>
  (socket) => {
    for (const part of parts) socket.write(part);
  };
/** How much of a large answer has left the process so far. */
let left = 0;
/** Says something and then ten million bytes, in pieces, as long as somebody takes them. */
const sayMuch =
  (header: string, piece: (text: string) => string = (text) => text): Answer =>
  (socket) => {
    const text = piece(marker.repeat(2000).slice(0, 50_000));
    const more = (): void => {
      left += text.length;
      if (left < megabytes) socket.write(text, (error) => error ?? more());
    };
    left = 0;
    socket.write(header, more);
  };
/** Waits until what was said has left, so that a reset does not overtake it. */
const sayThen =
  (text: string, then: (socket: Socket) => void): Answer =>
  (socket) => {
    socket.write(text, () => then(socket));
  };
const reset: Answer = (socket) => void socket.resetAndDestroy();
const end: Answer = (socket) => void socket.end();
const silence: Answer = () => {};

interface Row {
  readonly name: string;
  readonly how?: Serve;
  readonly answer: Answer;
  readonly type: abstract new (...parameters: never[]) => XError;
  readonly code: string;
  /** What the redacted cause says; undefined where there is none. */
  readonly cause?: RegExp;
  /** How often a GET goes out by default; a POST always once. */
  readonly attempts: number;
  readonly options?: Partial<CreateClientOptions>;
  /** The most that may have left the server of what it had to say. */
  readonly most?: number;
}

const network = { type: RequestError, code: 'http.network' } as const;
const timeout = { type: RequestError, code: 'http.timeout', options: { timeoutMs: 60 }, attempts: 1 } as const;
const tooLarge = {
  type: ContractError,
  code: 'http.contract-broken',
  options: { maxResponseBytes: 1000 },
  attempts: 1,
  most: 8_000_000, // the kernel holds a few MB of a connection; 10 MB would be the whole
} as const;

const rows: readonly Row[] = [
  { ...network, name: 'a refused connection', how: 'nobody', answer: silence, cause: /^ECONNREFUSED$/, attempts: 3 },
  { ...network, name: 'a reset before the header', answer: reset, cause: /^ECONNRESET$/, attempts: 3 },
  { ...network, name: 'an end before the header', answer: end, cause: /^UND_ERR_SOCKET$/, attempts: 3 },
  {
    ...network,
    name: 'a reset within the header',
    answer: sayThen('HTTP/1.1 200 OK\r\ncontent-', reset),
    cause: /^ECONNRESET$/,
    attempts: 3,
  },
  {
    ...network,
    name: 'a reset after the header',
    answer: sayThen(`${ok}content-length: 100\r\n\r\n${half}`, reset),
    cause: /^ECONNRESET$/,
    attempts: 1,
  },
  {
    ...network,
    name: 'a body that ends before its length',
    answer: sayThen(`${ok}content-length: 100\r\n\r\n${half}`, end),
    cause: /^UND_ERR_SOCKET$/,
    attempts: 1,
  },
  {
    ...network,
    name: 'a chunked body without its last chunk',
    answer: sayThen(`${ok}transfer-encoding: chunked\r\n\r\n${chunk(half)}`, end),
    cause: /^UND_ERR_SOCKET$/,
    attempts: 1,
  },
  {
    ...network,
    name: 'a chunk whose length is none',
    answer: say(`${ok}transfer-encoding: chunked\r\n\r\n${chunk(half)}${marker}\r\n`),
    cause: /^(HPE_\w+|HTTPParserError)$/,
    attempts: 1,
  },
  {
    ...network,
    name: 'a compressed body that is none',
    answer: say(`${ok}content-encoding: gzip\r\ncontent-length: ${half.length + 1}\r\n\r\n${half}`),
    cause: /^Z_DATA_ERROR$/,
    attempts: 1,
  },
  {
    ...network,
    name: 'an answer that is no HTTP',
    answer: say(`${marker}\r\n\r\n`),
    cause: /^(HPE_\w+|HTTPParserError)$/,
    attempts: 3,
  },
  {
    ...network,
    name: 'a header without end',
    answer: say(`${ok}x-long: ${marker.repeat(1000)}\r\n`),
    cause: /^UND_ERR_HEADERS_OVERFLOW$/,
    attempts: 3,
  },
  {
    ...network,
    name: 'a certificate that nobody vouches for',
    how: 'tls',
    answer: silence,
    cause: /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
    attempts: 3,
  },
  {
    ...network,
    name: 'a server that does not speak TLS',
    how: 'tcp called https',
    answer: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    cause: /^(ERR_SSL_\w+|ECONNRESET|UND_ERR_SOCKET)$/,
    attempts: 3,
  },
  { ...timeout, name: 'a header that does not come', answer: silence },
  { ...timeout, name: 'a body that does not come', answer: say(`${ok}content-length: 100\r\n\r\n`) },
  { ...timeout, name: 'a body that stops', answer: say(`${ok}content-length: 100\r\n\r\n${half}`) },
  {
    ...tooLarge,
    name: '10 MB where 1 kB was expected, of declared length',
    answer: sayMuch(`${ok}content-length: ${megabytes}\r\n\r\n`),
  },
  {
    ...tooLarge,
    name: '10 MB where 1 kB was expected, in chunks',
    answer: sayMuch(`${ok}transfer-encoding: chunked\r\n\r\n`, chunk),
  },
  {
    ...tooLarge,
    name: '10 MB where 1 kB was expected, to the end of the connection',
    answer: sayMuch(`${ok}\r\n`),
  },
  {
    ...tooLarge,
    name: '10 MB where 1 kB was expected, compressed to less',
    answer: (socket) => {
      left = 0;
      const bytes = gzipSync('1'.repeat(megabytes));
      socket.write(`${ok}content-encoding: gzip\r\ncontent-length: ${bytes.length + 1}\r\n\r\n`);
      socket.write(bytes); // a byte short, so that it is not the end of the answer that ends the connection
    },
    options: { maxResponseBytes: 20_000 },
  },
  {
    ...tooLarge,
    name: 'a failure with 10 MB of explanation',
    answer: sayMuch(`HTTP/1.1 500 Oh\r\ncontent-length: ${megabytes}\r\n\r\n`),
    type: ResponseError,
    code: 'http.server',
    attempts: 3,
  },
];

const faults = suite('network faults');

for (const row of rows) {
  for (const method of ['GET', 'POST'] as const) {
    const attempts = method === 'GET' ? row.attempts : 1;
    faults(`${method}, ${row.name}: ${row.code}, sent ${attempts === 1 ? 'once' : `${attempts} times`}`, async () => {
      const { how = 'tcp', answer } = row;
      const server = how === 'nobody' ? await nobody() : await wire(how, answer);
      const events: ClientEvent[] = [];
      try {
        const client = createClient({
          provider: 'sample',
          baseUrl: server.url,
          credential: staticCredential({ authorization: `Bearer ${encodeURIComponent(marker)}` }),
          retry: { baseDelayMs: 0 },
          timeoutMs: 60_000,
          onEvent: (event) => void events.push(event),
          ...row.options,
        });
        const body = method === 'POST' ? { json: { secret: marker } } : {};
        const asked = client('a', { method, searchParams: { token: marker }, ...body }).json();
        const error = await rejects(asked, row.type, row.code);
        if (row.cause === undefined) assert.is(error.cause, undefined);
        else assert.match((error.cause as Error).message, row.cause, (error.cause as Error).message);
        assert.is(events.filter(({ type }) => type === 'request').length, attempts);
        if (row.code === 'http.timeout')
          assert.ok(server.requests() <= 1, 'a busy machine may not have sent it in time');
        else if (row.how === undefined) assert.is(server.requests(), attempts, 'and as often it arrived');
        await server.closed();
        if (row.most !== undefined) assert.ok(left < row.most, `${left} bytes left the server`);
        assert.equal(leaksIn([...printedForms(error), JSON.stringify(events)], marker), []);
      } finally {
        await server.close();
      }
    });
  }
}

for (const status of [301, 302, 303, 307, 308]) {
  faults(
    `a redirect by ${status} to another origin arrives there with neither credential, cookie nor query`,
    async () => {
      const other = await loopback((_, response) => sendJson(response, {}));
      const own = await loopback((_, response) => response.writeHead(status, { location: `${other.url}/there` }).end());
      try {
        const client = createClient({
          provider: 'sample',
          baseUrl: own.url,
          timeoutMs: 60_000,
          credential: staticCredential({ authorization: `Bearer ${encodeURIComponent(marker)}`, 'x-token': 'mArk3r' }),
          headers: { cookie: 'session=mArk3r' },
        });
        await client.get('a', { searchParams: { token: marker }, headers: { 'x-own': 'mArk3r' } }).json();
        assert.match(JSON.stringify(own.requests), 'mArk3r');
        assert.is(other.requests.length, 1);
        assert.not.match(JSON.stringify(other.requests), 'mArk3r');
        await rejects(client.post('a', { json: { secret: marker } }).json(), ResponseError, 'http.rejected');
        assert.is(other.requests.length, 1, 'and a POST does not arrive at all');
      } finally {
        await Promise.all([own.close(), other.close()]);
      }
    },
  );
}

faults.run();

import { createServer } from 'node:net';
import { holdPort } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../src/client.ts';
import { ContractError, CredentialError, RequestError, ResponseError } from '../src/errors.ts';
import { leavesUnspent } from '../src/renewal-failure.ts';
import { loopback } from './loopback.ts';

const outcome = suite('renewal-failure · leavesUnspent');

const answered = (status: number): ResponseError =>
  new ResponseError({ provider: 'p', code: 'c', status, message: 'no' });
const network = (cause?: unknown): RequestError =>
  new RequestError({ provider: 'p', code: 'http.network', message: 'no', cause });
const coded = (code: string): Error => Object.assign(new Error('no'), { code });

const rows: readonly [name: string, failure: unknown, expected: boolean][] = [
  ...[302, 400, 401, 403, 408, 429, 500, 501, 503].map(
    (status) => [`status ${status}`, answered(status), true] as [string, unknown, boolean],
  ),
  ...[502, 504, 520, 522, 524, 599].map(
    (status) => [`status ${status}`, answered(status), false] as [string, unknown, boolean],
  ),
  ['a verdict of issuing', new CredentialError({ provider: 'p', code: 'credential.refused', message: 'no' }), true],
  ['an answer that is not as documented', new ContractError({ provider: 'p', message: 'no', issues: [] }), false],
  ['a timeout', new RequestError({ provider: 'p', code: 'http.timeout', message: 'no' }), false],
  ['an abort', new RequestError({ provider: 'p', code: 'http.aborted', message: 'no' }), false],
  ['a network failure without a cause', network(), false],
  ['a reset', network(coded('ECONNRESET')), false],
  ['an answer that broke off', network(coded('UND_ERR_SOCKET')), false],
  ['slow headers', network(coded('UND_ERR_HEADERS_TIMEOUT')), false],
  ['a refused connection', network(coded('ECONNREFUSED')), true],
  ['an unknown host', network(coded('ENOTFOUND')), true],
  ['a connection that took too long', network(coded('UND_ERR_CONNECT_TIMEOUT')), true],
  ['a certificate of another host', network(coded('ERR_TLS_CERT_ALTNAME_INVALID')), true],
  ['a refusal by Bun', coded('ConnectionRefused'), true],
  [
    'a refusal by Deno',
    new TypeError('fetch failed', {
      cause: new Error(
        'error sending request for url (http://127.0.0.1:9/): client error (Connect): tcp connect error',
      ),
    }),
    true,
  ],
  ['what fetch throws', new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), true],
  ['what fetch throws after a reset', new TypeError('fetch failed', { cause: coded('ECONNRESET') }), false],
  ['a mistake', new TypeError('undefined is not a function'), false],
  ['text', 'ECONNREFUSED', false],
  ['nothing', undefined, false],
];
for (const [name, failure, expected] of rows) {
  outcome(`${name} is ${expected ? 'a' : 'no'} proof`, () => {
    assert.is(leavesUnspent(failure), expected);
  });
}

/** What a real client rejects with. */
async function failureOf(baseUrl: string): Promise<unknown> {
  return createClient({ provider: 'p', baseUrl, timeoutMs: 60_000 })
    .post('token')
    .json()
    .then(
      () => assert.unreachable(),
      (error: unknown) => error,
    );
}

outcome('of a client of ours: a port where nobody listens', async () => {
  const { port, release } = await holdPort();
  assert.is(leavesUnspent(await failureOf(`http://127.0.0.1:${port}`)), true);
  release();
});

outcome('of a client of ours: a host that does not exist', async () => {
  // refused by the resolver itself: a label has 63 octets at most (RFC 1035, section 2.3.4), so that no name server is asked
  assert.is(leavesUnspent(await failureOf(`http://${'a'.repeat(64)}.invalid`)), true);
});

outcome('of a client of ours: a server that takes the request and closes', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  assert.is(leavesUnspent(await failureOf(`http://127.0.0.1:${port}`)), false);
  server.close();
});

outcome('of a client of ours: an answer that breaks off', async () => {
  const server = await loopback((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"access');
    setImmediate(() => response.destroy());
  });
  assert.is(leavesUnspent(await failureOf(server.url)), false);
  await server.close();
});

outcome.run();

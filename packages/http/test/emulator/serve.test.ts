import { connect } from 'node:net';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../../src/client.ts';
import { createScaffold } from '../../src/emulator/scaffold.ts';
import { type Served, serve } from '../../src/emulator/serve.ts';
import { RequestError } from '../../src/errors.ts';

type Handler = (request: Request) => Promise<Response>;

/** Serves a handler for one test and stops it whatever happens. */
async function serving(handler: Handler, use: (server: Served) => Promise<void>): Promise<void> {
  const server = await serve(handler);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

/** Sends bytes as they are and gives everything that comes back. */
function raw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

const server = suite('serve');

server('hands a request over as it came: method, path, query, fields, body', async () => {
  let seen: unknown;
  const handler: Handler = async (request) => {
    seen = {
      method: request.method,
      url: request.url,
      token: request.headers.get('x-token'),
      body: await request.text(),
    };
    return new Response(null, { status: 204 });
  };
  await serving(handler, async ({ url }) => {
    await fetch(`${url}/a/b%2Fc?d=e%20f&d=g`, { method: 'PUT', body: 'body', headers: { 'X-Token': 'ü' } });
    assert.equal(seen, { method: 'PUT', url: `${url}/a/b%2Fc?d=e%20f&d=g`, token: 'ü', body: 'body' });
  });
});

server('leaves it to the client to close an idle connection', async () => {
  await serving(
    async () => new Response('body'),
    async ({ url }) => {
      const head = 'HTTP/1.1\r\nHost: 127.0.0.1\r\n';
      const [first = ''] = (await raw(url, `GET / ${head}\r\nGET / ${head}Connection: close\r\n\r\n`)).split('body');
      assert.match(first, /connection: keep-alive\r\n/i);
      assert.not.match(first, /timeout/i);
    },
  );
});

server('gives back status, fields and body', async () => {
  const headers = new Headers({ 'x-some': 'field', 'content-type': 'text/plain' });
  headers.append('set-cookie', 'a=1; Path=/');
  headers.append('set-cookie', 'b=2; Path=/');
  await serving(
    async () => new Response('body', { status: 418, headers }),
    async ({ url }) => {
      const response = await fetch(url);
      assert.equal([response.status, await response.text()], [418, 'body']);
      assert.is(response.headers.get('x-some'), 'field');
      assert.equal(response.headers.getSetCookie(), ['a=1; Path=/', 'b=2; Path=/']);
    },
  );
});

for (const status of [204, 304]) {
  server(`${status} has no body`, async () => {
    await serving(
      async () => new Response(null, { status }),
      async ({ url }) => {
        const answer = await raw(url, 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
        assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
        assert.match(answer, /\r\n\r\n$/, 'nothing follows the fields');
      },
    );
  });
}

server('HEAD gets the fields of the answer and nothing of its body', async () => {
  await serving(
    async ({ method }) => new Response(`for ${method}`, { headers: { 'x-some': 'field' } }),
    async ({ url }) => {
      const answer = await raw(url, 'HEAD / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      assert.match(answer, /^HTTP\/1\.1 200 /);
      assert.match(answer, /x-some: field/);
      assert.match(answer, /\r\n\r\n$/);
    },
  );
});

server('a path that begins with two slashes stays on this host', async () => {
  const emulator = createScaffold({
    routes: [{ method: 'GET', path: '//Install', handle: ({ url }) => new Response(url.href) }],
  });
  const { url, close } = await emulator.serve();
  try {
    assert.is(await (await fetch(`${url}//Install?a=b`)).text(), `${url}//Install?a=b`);
    assert.is(emulator.journal.entries[0]?.path, '//Install');
  } finally {
    await close();
  }
});

const odd: readonly [name: string, line: string, status: number][] = [
  ['a target as for a proxy', 'GET http://evil.example/ HTTP/1.1', 400],
  ['an asterisk', 'OPTIONS * HTTP/1.1', 400],
  ['a method that Request does not take', 'TRACE / HTTP/1.1', 400],
  ['a method of its own', 'PURGE / HTTP/1.1', 200],
  ['a path that looks like user info', 'GET /@evil.example/ HTTP/1.1', 200],
  ['backslashes', 'GET /\\evil.example HTTP/1.1', 200],
];
for (const [name, line, status] of odd) {
  server(`${name} is answered with ${status}`, async () => {
    const hosts: string[] = [];
    const handler: Handler = async (request) => {
      hosts.push(new URL(request.url).hostname);
      return new Response();
    };
    await serving(handler, async ({ url }) => {
      const answer = await raw(url, `${line}\r\nhost: evil.example\r\nconnection: close\r\n\r\n`);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.equal(hosts, status === 200 ? ['127.0.0.1'] : []);
    });
  });
}

server('a body of several MiB arrives whole, one above 16 MiB not at all', async () => {
  const handler: Handler = async (request) => new Response(String((await request.arrayBuffer()).byteLength));
  await serving(handler, async ({ url }) => {
    const sized = (bytes: number): Promise<Response> => fetch(url, { method: 'POST', body: new Uint8Array(bytes) });
    assert.is(await (await sized(5_000_000)).text(), '5000000');
    assert.is((await sized(16_777_216)).status, 200);
    assert.is((await sized(16_777_217)).status, 413);
  });
});

server('a large answer arrives whole', async () => {
  await serving(
    async () => new Response(new Uint8Array(5_000_000)),
    async ({ url }) => assert.is((await (await fetch(url)).arrayBuffer()).byteLength, 5_000_000),
  );
});

server('a handler that rejects, or whose body breaks off, ends the connection', async () => {
  const broken = new ReadableStream({
    start: (controller) => controller.error(new Error('hush')),
  });
  const handlers: Handler[] = [() => Promise.reject(new Error('hush')), async () => new Response(broken)];
  for (const handler of handlers) {
    await serving(handler, async ({ url }) => {
      assert.is(await raw(url, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'), '');
    });
  }
});

server('a fault that drops is a dropped connection over the wire too', async () => {
  const emulator = createScaffold({ routes: [{ method: 'GET', path: '/a', handle: () => Response.json({}) }] });
  const { url, close } = await emulator.serve();
  try {
    const retry = { limit: 1, baseDelayMs: 0 };
    const client = createClient({ provider: 'sample', baseUrl: url, timeoutMs: 60_000, retry });
    for (const kind of ['drop', 'drop-after'] as const) {
      emulator.faults.add({ kind }, { times: 2 });
      await rejects(client.get('a').json(), RequestError, 'http.network');
      emulator.faults.add({ kind });
      assert.equal(await client.get('a').json(), {}, 'one repetition gets through');
    }
  } finally {
    await close();
  }
});

server('a handler learns that its client has gone', async () => {
  let told = (): void => {};
  const gone = new Promise<void>((resolve) => {
    told = resolve;
  });
  let arrived = (): void => {};
  const there = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const handler: Handler = async ({ signal }) => {
    signal.addEventListener('abort', () => told());
    arrived();
    await gone;
    return new Response();
  };
  await serving(handler, async ({ url }) => {
    const controller = new AbortController();
    const asked = fetch(url, { signal: controller.signal });
    await there;
    controller.abort();
    await rejects(asked, Error, /abort/);
    await gone;
  });
});

server('listens on the loopback address and on the port it is told', async () => {
  await serving(
    async () => new Response(),
    async ({ url }) => {
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      const port = Number(new URL(url).port);
      await rejects(
        serve(async () => new Response(), { port }),
        Error,
        'EADDRINUSE',
      );
    },
  );
});

server('closing ends what is open, and can be asked for twice', async () => {
  let arrived = (): void => {};
  const there = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { url, close } = await serve(() => {
    arrived();
    return new Promise(() => {});
  });
  const asked = fetch(url).catch((error: unknown) => error);
  await there;
  await Promise.all([close(), close()]);
  assert.instance(await asked, TypeError);
  await rejects(fetch(url), TypeError, /fetch failed/);
});

server.run();

import { connect } from 'node:net';
import { manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../../src/client.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import { createScaffold, type Scaffold } from '../../src/emulator/scaffold.ts';
import { ContractError, RequestError, ResponseError } from '../../src/errors.ts';

const body = '{"some":"body","of":[1,2,3]}';
const fields = { 'content-type': 'application/json', 'x-some': 'field' };

/** An emulator whose one route counts how often it did its work. */
function counted(): Scaffold & { done: () => number } {
  let done = 0;
  const handle = (): Response => {
    done += 1;
    return new Response(body, { status: 201, headers: fields });
  };
  const gone = { method: 'DELETE', path: '/a', handle: () => new Response(null, { status: 204 }) };
  const clock = manualClock(Date.UTC(2026, 0, 1) + 999);
  return { ...createScaffold({ routes: [{ method: 'GET', path: '/a', handle }, gone], clock }), done: () => done };
}

/** Asks an emulator as a fetch and over loopback. */
const ways: readonly [
  name: string,
  use: (emulator: Scaffold, ask: (url: string, fetch: Fetch) => Promise<void>) => Promise<void>,
][] = [
  ['fetch', async (emulator, ask) => ask('https://api.example.com', emulator.fetch)],
  [
    'serve',
    async (emulator, ask) => {
      const { url, close } = await emulator.serve();
      try {
        await ask(url, fetch);
      } finally {
        await close();
      }
    },
  ],
];
type Fetch = typeof globalThis.fetch;

const faults = suite('apply-fault');

const rows: readonly [
  fault: Fault,
  done: number,
  status: number | undefined,
  type: new (...a: never[]) => Error,
  code: string,
][] = [
  [{ kind: 'drop' }, 0, undefined, RequestError, 'http.network'],
  [{ kind: 'drop-after' }, 1, undefined, RequestError, 'http.network'],
  [{ kind: 'reset' }, 0, undefined, RequestError, 'http.network'],
  [{ kind: 'drop-body' }, 1, 201, RequestError, 'http.network'],
  [{ kind: 'reset-body' }, 1, 201, RequestError, 'http.network'],
  [{ kind: 'malformed-body' }, 1, 201, ContractError, 'http.contract-broken'],
  [{ kind: 'malformed-json' }, 1, 201, ContractError, 'http.contract-broken'],
  [{ kind: 'status', status: 500 }, 0, 500, ResponseError, 'http.server'],
  [{ kind: 'status', status: 429 }, 0, 429, ResponseError, 'http.rate-limited'],
];
for (const [way, use] of ways) {
  for (const [fault, done, status, type, code] of rows) {
    faults(
      `${JSON.stringify(fault)} by ${way} is ${code}, once, and the route did its work ${done} times`,
      async () => {
        const emulator = counted();
        emulator.faults.add(fault);
        await use(emulator, async (baseUrl, fetch) => {
          const client = createClient({ provider: 'sample', baseUrl, fetch, timeoutMs: 60_000, retry: { limit: 0 } });
          await rejects(client.get('a').json(), type as never, code);
          assert.is(emulator.done(), done);
          assert.is(emulator.journal.entries[0]?.status, status);
          assert.equal(await client.get('a').json(), JSON.parse(body));
        });
      },
    );
  }

  for (const kind of ['drop-body', 'reset-body'] as const) {
    faults(`${kind} by ${way} gives the fields and half of the body before it breaks`, async () => {
      const emulator = counted();
      emulator.faults.add({ kind });
      await use(emulator, async (baseUrl, fetch) => {
        const response = await fetch(`${baseUrl}/a`);
        assert.equal([response.status, response.headers.get('x-some')], [201, 'field']);
        let text = '';
        const read = async (): Promise<void> => {
          for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
        };
        await rejects(read(), TypeError, /terminated/);
        assert.is(text, body.slice(0, body.length / 2));
      });
    });
  }

  faults(`content-type by ${way} changes what the body is called and nothing else`, async () => {
    const emulator = counted();
    emulator.faults.add({ kind: 'content-type' });
    emulator.faults.add({ kind: 'content-type', type: 'text/plain' });
    await use(emulator, async (baseUrl, fetch) => {
      for (const type of ['text/html', 'text/plain', 'application/json']) {
        const response = await fetch(`${baseUrl}/a`);
        assert.equal([response.status, response.headers.get('x-some')], [201, 'field']);
        assert.equal([response.headers.get('content-type'), await response.text()], [type, body]);
      }
    });
  });

  faults(`Retry-After by ${way} is seconds, or a date with the emulator’s own`, async () => {
    const emulator = counted();
    for (const form of [undefined, 'date'] as const) {
      emulator.faults.add({ kind: 'status', status: 429, headers: { 'x-a': 'b' }, retryAfter: { seconds: 90, form } });
    }
    await use(emulator, async (baseUrl, fetch) => {
      const seconds = (await fetch(`${baseUrl}/a`)).headers;
      assert.equal([seconds.get('retry-after'), seconds.get('x-a')], ['90', 'b']);
      const date = (await fetch(`${baseUrl}/a`)).headers;
      assert.equal(
        [date.get('retry-after'), date.get('date')],
        ['Thu, 01 Jan 2026 00:01:30 GMT', 'Thu, 01 Jan 2026 00:00:00 GMT'],
      );
    });
  });

  for (const kind of ['malformed-body', 'malformed-json', 'content-type', 'latency'] as const) {
    faults(`${kind} by ${way} has nothing to spoil where there is no body`, async () => {
      const emulator = counted();
      emulator.faults.add(kind === 'latency' ? { kind, ms: 0 } : { kind });
      await use(emulator, async (baseUrl, fetch) => {
        assert.is((await fetch(`${baseUrl}/a`, { method: 'DELETE' })).status, 204);
      });
    });
  }
}

for (const [way, use] of ways) {
  faults(`latency by ${way} takes the time of a clock of one's own, and none of the test's`, async () => {
    const clock = manualClock();
    const startMs = clock();
    const seen: number[] = [];
    const slept: boolean[] = [];
    const emulator = createScaffold({
      clock,
      async sleep(ms, signal) {
        slept.push(signal.aborted);
        clock.advance(ms);
      },
      routes: [{ method: 'GET', path: '/a', handle: ({ nowMs }) => new Response(String(seen.push(nowMs - startMs))) }],
    });
    emulator.faults.add({ kind: 'latency', ms: 3_600_000 });
    await use(emulator, async (baseUrl, fetch) => {
      const startedMs = performance.now();
      for (const turn of ['1', '2']) assert.is(await (await fetch(`${baseUrl}/a`)).text(), turn);
      assert.ok(performance.now() - startedMs < 60_000);
    });
    assert.equal(seen, [3_600_000, 3_600_000]);
    assert.equal(slept, [false], 'one answer was to be late');
  });
}

faults('latency ends by the signal of the request, and the route is not asked', async () => {
  const emulator = counted();
  emulator.faults.add({ kind: 'latency', ms: 60_000 });
  const leaving = new AbortController();
  const asked = emulator.fetch('https://api.example.com/a', { signal: leaving.signal });
  leaving.abort();
  await rejects(asked, DOMException, /abort/i);
  assert.is(emulator.done(), 0);
});

faults('latency leaves the answer what it is, and a status has the body it was given', async () => {
  const emulator = counted();
  emulator.faults.add({ kind: 'latency', ms: 1 });
  emulator.faults.add({ kind: 'status', status: 503, body: 'busy' });
  emulator.faults.add({ kind: 'status', status: 503 });
  for (const [status, text] of [
    [201, body],
    [503, 'busy'],
    [503, ''],
  ] as const) {
    const response = await emulator.fetch('https://api.example.com/a');
    assert.equal([response.status, await response.text()], [status, text]);
  }
});

faults('the spoilt bodies are whole answers', async () => {
  const emulator = counted();
  emulator.faults.add({ kind: 'malformed-json' });
  emulator.faults.add({ kind: 'malformed-body' });
  for (const text of [`${body}}`, body.slice(0, body.length / 2)]) {
    const response = await emulator.fetch('https://api.example.com/a');
    assert.equal([response.status, response.headers.get('x-some'), await response.text()], [201, 'field', text]);
  }
});

/** Sends a request as it is on a socket, and tells how it ended. */
function endOf(url: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write('GET /a HTTP/1.1\r\nhost: x\r\n\r\n');
    });
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} after ${received.length > 0}`));
    socket.on('close', () => resolve(`closed after ${received.length > 0}`));
  });
}

const ends: readonly [kind: 'drop' | 'drop-after' | 'reset' | 'drop-body' | 'reset-body', end: string][] = [
  ['drop', 'closed after false'],
  ['drop-after', 'closed after false'],
  ['reset', 'ECONNRESET after false'],
  ['drop-body', 'closed after true'],
  ['reset-body', 'ECONNRESET after true'],
];
for (const [kind, end] of ends) {
  faults(`${kind} on a socket is: ${end}`, async () => {
    const emulator = counted();
    emulator.faults.add({ kind });
    const { url, close } = await emulator.serve();
    try {
      assert.is(await endOf(url), end);
    } finally {
      await close();
    }
  });
}

faults('a fault for one route leaves the others alone', async () => {
  const emulator = createScaffold({
    routes: [
      { method: 'GET', path: '/users/:id', handle: () => new Response('user') },
      { method: 'GET', path: '/users/all', handle: () => new Response('all') },
    ],
  });
  emulator.faults.add({ kind: 'status', status: 500 }, { route: '/users/:id', times: 2 });
  const statusOf = async (path: string): Promise<number> => (await emulator.fetch(`https://a.example${path}`)).status;
  assert.equal(
    await Promise.all(['/users/all', '/users/7', '/nowhere', '/users/8', '/users/9'].map(statusOf)),
    [200, 500, 404, 500, 200],
  );
});

faults.run();

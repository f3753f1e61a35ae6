import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { pino } from 'pino';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toSpans } from '../examples/opentelemetry.ts';
import { toLog } from '../examples/pino.ts';
import { createClient } from '../src/client.ts';
import { createScaffold } from '../src/emulator/scaffold.ts';
import type { ClientEvent } from '../src/events.ts';
import { renewableCredential } from '../src/renewable-credential.ts';

/** What a day in the life of a client tells: an issue, a repetition, a replay, a redirect, failures. */
async function liveThrough(onEvent: (event: ClientEvent) => void): Promise<void> {
  const provider = 'sample';
  let version = 0;
  const emulator = createScaffold({
    routes: [
      {
        method: 'GET',
        path: '/moved',
        handle: () => new Response(null, { status: 302, headers: { location: '/here' } }),
      },
      { method: 'GET', path: '/here', handle: () => Response.json({}) },
      {
        method: 'POST',
        path: '/orders',
        handle: ({ request }) => new Response(null, { status: request.headers.get('x-token') === 't2' ? 201 : 401 }),
      },
    ],
  });
  const credential = renewableCredential<{ token: string }>({
    provider,
    key: 'sample/shop-1',
    async issue() {
      version += 1;
      if (version === 3) throw new Error('m4rk3r');
      return { token: `t${version}` };
    },
    toHeaders: ({ token }) => ({ 'x-token': token }),
    expiresAtMs: () => undefined,
    isRejected: ({ status }) => status === 401,
    onEvent,
  });
  const client = createClient({
    provider,
    baseUrl: 'https://api.example.com',
    credential,
    fetch: emulator.fetch,
    retry: { baseDelayMs: 0 },
    onEvent,
  });
  const quietly = (asked: Promise<unknown>): Promise<unknown> => asked.catch(() => {});
  emulator.faults.add({ kind: 'status', status: 503 });
  await client.get('moved?token=m4rk3r');
  await client.post('orders', { json: { secret: 'm4rk3r' } });
  emulator.faults.add({ kind: 'drop' });
  await quietly(client.post('orders'));
  await quietly(client.get('nowhere'));
  await credential.clear();
  await quietly(client.get('here'));
}

const spans = suite('examples · opentelemetry');

/** Keeps the active span across awaits, as the SDK for Node does. */
function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...parameters) => storage.run(active, () => run.call(self, ...parameters)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

spans('every request that goes out is a span within the active one, with what became of it', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('test');
  context.setGlobalContextManager(createContextManager());
  try {
    await tracer.startActiveSpan('day', async (day) => {
      await liveThrough(toSpans(tracer));
      day.end();
    });
  } finally {
    context.disable();
  }
  const finished = exporter.getFinishedSpans();
  const day = finished.find(({ name }) => name === 'day');
  const requests = finished.filter((span) => span !== day);
  const told = requests.map(({ name, attributes, status }) =>
    [
      name,
      attributes['url.full'],
      attributes['http.response.status_code'] ?? '-',
      attributes['error.type'] ?? '-',
      attributes['http.request.resend_count'] ?? '-',
      status.code === SpanStatusCode.ERROR ? 'error' : 'fine',
    ].join(' '),
  );
  const url = 'https://api.example.com';
  assert.equal(told, [
    `GET ${url}/moved 503 503 - error`,
    `GET ${url}/moved 302 - 1 fine`,
    `GET ${url}/here 200 - 2 fine`,
    `POST ${url}/orders 401 401 - error`,
    `POST ${url}/orders 201 - 1 fine`,
    `POST ${url}/orders - http.network - error`,
    `GET ${url}/nowhere 404 404 - error`,
  ]);
  for (const { kind, parentSpanContext, attributes, ended } of requests) {
    assert.ok(ended);
    assert.is(kind, SpanKind.CLIENT);
    assert.is(parentSpanContext?.spanId, day?.spanContext().spanId);
    assert.equal(
      [attributes['server.address'], attributes['server.port'], attributes['peer.service']],
      ['api.example.com', 443, 'sample'],
    );
  }
  const credentialEvents = (day?.events ?? []).map(({ name, attributes }) =>
    `${name} ${attributes?.['code'] ?? ''}`.trim(),
  );
  assert.equal(
    [...new Set(credentialEvents)],
    ['credential-issued', 'credential-reused', 'credential-renewed', 'credential-failed credential.renewal-failed'],
  );
  assert.not.match(JSON.stringify([requests.map(({ attributes }) => attributes), day?.events]), 'm4rk3r');
});

spans('the port is that of the URL where it has one', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tell = toSpans(provider.getTracer('test'));
  for (const [exchange, url] of ['http://127.0.0.1:8080/a', 'http://127.0.0.1/a'].entries()) {
    const common = { provider: 'sample', callId: 'a', exchange, method: 'GET', url } as const;
    tell({ type: 'request', ...common });
    tell({ type: 'response', ...common, status: 200, durationMs: 1 });
  }
  assert.equal(
    exporter.getFinishedSpans().map(({ attributes }) => attributes['server.port']),
    [8080, 80],
  );
  trace.disable();
});

spans.run();

const log = suite('examples · pino');

log('every event is a line at its level, and holds no secret', async () => {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  await liveThrough(toLog(pino({ level: 'trace', base: null, timestamp: false }, stream)));
  const told = lines.map((line) => {
    const { level, msg, status = '', code = '', reason = '' } = JSON.parse(line) as Record<string, string | number>;
    return `${pino.levels.labels[Number(level)]} ${msg} ${status}${code}${reason}`.trim();
  });
  assert.equal(told, [
    'info credential-issued',
    'debug request',
    'warn response 503',
    'warn retry 503',
    'trace credential-reused',
    'debug request',
    'debug response 302',
    'debug request',
    'debug response 200',
    'trace credential-reused',
    'debug request',
    'warn response 401',
    'info credential-renewed',
    'debug request',
    'debug response 201',
    'trace credential-reused',
    'debug request',
    'warn request-failed http.network',
    'trace credential-reused',
    'debug request',
    'warn response 404',
    'error credential-failed credential.renewal-failed',
  ]);
  assert.not.match(lines.join(''), 'm4rk3r');
  const { callId, durationMs, url } = JSON.parse(lines[6] ?? '') as Record<string, unknown>;
  assert.match(String(callId), /^\w+-1$/);
  assert.equal([typeof durationMs, url], ['number', 'https://api.example.com/moved']);
});

log.run();

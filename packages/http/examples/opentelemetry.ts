import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { ClientEvent, ExchangeEvent } from '@x/http';

/**
 * Makes a subscriber that turns what a client tells into spans: one for each request that goes out, within whatever
 * span is active, with what became of it.
 *
 * Hand it to `createClient({ onEvent })` and to credentials; one may serve any number of clients.
 *
 * @see OpenTelemetry, "Semantic conventions for HTTP spans", heading "HTTP client".
 */
export function toSpans(tracer: Tracer): (event: ClientEvent) => void {
  const open = new Map<string, Span>();

  function begin(event: ExchangeEvent): void {
    const attributes = attributesOf(event);
    open.set(keyOf(event), tracer.startSpan(event.method, { kind: SpanKind.CLIENT, attributes }));
  }

  function end(event: ExchangeEvent, attributes: Attributes, errorType: string | undefined): void {
    const span = open.get(keyOf(event));
    open.delete(keyOf(event));
    span?.setAttributes(attributes);
    if (errorType !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType);
    span?.end();
  }

  return (event) => {
    switch (event.type) {
      case 'request':
        return begin(event);
      case 'response':
        return end(
          event,
          { 'http.response.status_code': event.status },
          event.status >= 400 ? String(event.status) : undefined,
        );
      case 'request-failed':
        return end(event, {}, event.code);
      case 'retry':
        return; // the request that repeats it says so itself
      default: {
        const { type, provider, key } = event; // what became of a credential belongs to whoever waits for it
        trace.getActiveSpan()?.addEvent(type, { provider, key, ...('code' in event ? { code: event.code } : {}) });
      }
    }
  };
}

function keyOf({ callId, exchange }: ExchangeEvent): string {
  return `${callId}/${exchange}`;
}

function attributesOf({ provider, method, url, exchange }: ExchangeEvent): Attributes {
  const { hostname, port, protocol } = new URL(url);
  return {
    // whatever the reason: a repetition, a replay with another credential, the next hop of a redirect
    ...(exchange === 1 ? {} : { 'http.request.resend_count': exchange - 1 }),
    'http.request.method': method,
    'url.full': url,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    'peer.service': provider,
  };
}

// Run by itself, it prints the spans of a call that is repeated once.
if (process.argv[1] === import.meta.filename) {
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = await import(
    '@opentelemetry/sdk-trace-base'
  );
  const { createClient } = await import('@x/http');
  const { createScaffold } = await import('@x/http/emulator');
  const exporter = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const emulator = createScaffold({
    routes: [{ method: 'GET', path: '/orders', handle: () => Response.json([{ id: 7 }]) }],
  });
  emulator.faults.add({ kind: 'status', status: 503 });
  const client = createClient({
    provider: 'sample',
    baseUrl: 'https://api.example.com',
    fetch: emulator.fetch,
    retry: { baseDelayMs: 0 },
    onEvent: toSpans(tracers.getTracer('sample')),
  });
  await client.get('orders').json();
  for (const { name, attributes } of exporter.getFinishedSpans()) console.log(name, attributes);
}

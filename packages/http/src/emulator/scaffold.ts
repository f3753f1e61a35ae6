import { type Clock, type RandomSource, systemClock, systemRandom } from '@x/crypto';
import { addRoute, createRouter, findRoute } from 'rou3';
import { createFaultPlan, dropped, type Fault, type FaultPlan } from './faults.ts';
import { createJournal, type Journal, type OpenEntry } from './journal.ts';
import { type Served, type ServeOptions, serve } from './serve.ts';

/** One exchange under way, as a route sees it. */
export interface Exchange {
  readonly request: Request;
  readonly url: URL;
  /** Path parameters as they came, not percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The body as text; read once and kept. */
  body(): Promise<string>;
  /** The emulator's time, milliseconds since 1970. */
  readonly nowMs: number;
  /** Writes a verdict into the journal and gives it back. `detail` holds no secret. */
  check(name: string, ok: boolean, detail?: string): boolean;
  /** Writes a judgement about the other side into the journal. */
  warn(text: string): void;
}

/** What an emulator answers at one method and path. */
export interface EmulatorRoute {
  /** In capitals. */
  readonly method: string;
  /** A rou3 pattern: `/users/:id`. */
  readonly path: string;
  readonly handle: (exchange: Exchange) => Response | Promise<Response>;
}

/** Options of {@link createScaffold}. */
export interface ScaffoldOptions {
  readonly routes: readonly EmulatorRoute[];
  readonly clock?: Clock | undefined;
  readonly random?: RandomSource | undefined;
  /** Answers what no route does; default an empty 404. */
  readonly notFound?: ((exchange: Exchange) => Response | Promise<Response>) | undefined;
}

/** What every emulator is built on: routes, a journal, faults, and a way onto a loopback port. */
export interface Scaffold {
  /** The provider's side as a fetch: rejects with a `TypeError` where a fault drops the connection. */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Listens on loopback until closed. Needs `node:http`. */
  serve(options?: ServeOptions): Promise<Served>;
}

export function createScaffold(options: ScaffoldOptions): Scaffold {
  const { clock = systemClock, random = systemRandom, notFound = () => new Response(null, { status: 404 }) } = options;
  const journal = createJournal(clock);
  const faults = createFaultPlan();
  const router = createRouter<EmulatorRoute['handle']>();
  for (const { method, path, handle } of options.routes) addRoute(router, method, path, handle);

  async function answer(request: Request): Promise<Response> {
    request.signal.throwIfAborted(); // as the platform's fetch does
    const url = new URL(request.url);
    const entry = journal.open('in', request.method, url.pathname);
    const fault = faults.take(request.method, url.pathname);
    if (fault?.kind === 'drop') throw dropped();
    if (fault?.kind === 'latency') await sleep(fault.ms, request.signal);
    const response = fault?.kind === 'status' ? faultResponse(fault) : await route(request, url, entry);
    if (fault?.kind === 'drop-after') throw dropped();
    entry.status = response.status;
    return fault?.kind === 'malformed-body' ? cutInHalf(response) : response;
  }

  async function route(request: Request, url: URL, entry: OpenEntry): Promise<Response> {
    const found = findRoute(router, request.method, url.pathname);
    let text: Promise<string> | undefined;
    const exchange: Exchange = {
      request,
      url,
      params: (found?.params ?? {}) as Record<string, string>,
      body() {
        text ??= request.text();
        return text;
      },
      nowMs: clock(),
      check(name, ok, detail) {
        entry.checks.push(detail === undefined ? { name, ok } : { name, ok, detail });
        return ok;
      },
      warn: (warning) => void entry.warnings.push(warning),
    };
    return (found?.data ?? notFound)(exchange);
  }

  const fetch = async (input: Request | string | URL, init?: RequestInit): Promise<Response> =>
    answer(new Request(input, init));
  return { fetch, journal, faults, clock, random, serve: (serveOptions) => serve(fetch, serveOptions) };
}

function faultResponse({ status, headers, body }: Extract<Fault, { kind: 'status' }>): Response {
  return new Response(body ?? null, { status, ...(headers === undefined ? {} : { headers }) });
}

async function cutInHalf(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const bytes = await response.arrayBuffer();
  const { status } = response;
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(bytes.slice(0, Math.floor(bytes.byteLength / 2)), { status, headers });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}

import { type Clock, type RandomSource, systemClock, systemRandom } from '@x/crypto/light';
import { addRoute, createRouter, findRoute } from 'rou3';
import type { Sleep } from '../rate-limiter/contract.ts';
import { systemSleep } from '../rate-limiter/system-sleep.ts';
import { applyFault } from './apply-fault.ts';
import { endWithSignal } from './end-with-signal.ts';
import { createFaultPlan, type FaultPlan } from './faults.ts';
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
  /** What the provider answers, by method and path. */
  readonly routes: readonly EmulatorRoute[];
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
  /**
   * How a fault of kind `latency` waits; default by the platform's timer, whatever `clock` is, because the timeouts of a
   * client run by that too. With a clock of your own, `async (ms) => clock.advance(ms)` lets it take that clock's time
   * and none of the test's.
   */
  readonly sleep?: Sleep | undefined;
  /** Answers what no route does; default an empty 404. */
  readonly notFound?: ((exchange: Exchange) => Response | Promise<Response>) | undefined;
}

/** What every emulator is built on: routes, a journal, faults, and a way onto a loopback port. */
export interface Scaffold {
  /** The provider's side as a fetch: rejects with a `TypeError` where a fault drops the connection, and at the signal's end. */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Listens on loopback until closed. Needs `node:http`. */
  serve(options?: ServeOptions): Promise<Served>;
}

/** Puts routes, a journal and switchable faults together into one provider in memory. */
export function createScaffold(options: ScaffoldOptions): Scaffold {
  const { clock = systemClock, random = systemRandom, sleep = systemSleep } = options;
  const { notFound = () => new Response(null, { status: 404 }) } = options;
  const journal = createJournal(clock);
  const patterns = options.routes.map(({ path }) => path);
  const faults = createFaultPlan(random, patterns);
  const router = createRouter<EmulatorRoute>();
  for (const route of options.routes) addRoute(router, route.method, route.path, route);

  async function answer(request: Request): Promise<Response> {
    request.signal.throwIfAborted(); // as the platform's fetch does
    const url = new URL(request.url);
    const entry = journal.open('in', request.method, url.pathname);
    const { method } = request;
    const found = findRoute(router, method, url.pathname);
    const fault = faults.take({ method, path: url.pathname, route: found?.data.path });
    const ask = (): Response | Promise<Response> => route(request, url, entry, found);
    const note = (status: number): void => {
      entry.status = status;
    };
    const { signal } = request;
    return endWithSignal(applyFault(fault, { ask, note, clock, sleep, signal }), signal);
  }

  function route(
    request: Request,
    url: URL,
    entry: OpenEntry,
    found: ReturnType<typeof findRoute<EmulatorRoute>>,
  ): Response | Promise<Response> {
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
    return (found?.data.handle ?? notFound)(exchange);
  }

  const fetch = async (input: Request | string | URL, init?: RequestInit): Promise<Response> =>
    answer(new Request(input, init));
  return { fetch, journal, faults, clock, random, serve: (serveOptions) => serve(fetch, serveOptions) };
}

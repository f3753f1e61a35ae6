import { type Served, serve as serveEmulator } from '@x/http/emulator';
import { serve as serveApp } from 'srvx';
import { loopback } from './loopback.ts';
import type { Party, Provider, Step, StepCheck } from './step.ts';

/** Answers a request, on whatever server it is put. */
export type Handler = (request: Request) => Promise<Response>;

/** Changes a request on its way; undefined leaves it alone. */
export type Tamper = (request: Request) => Promise<Request | undefined>;

/** How a party appears on the stage. */
export interface Role {
  readonly party: Party;
  /** Who sent this request. */
  readonly from: (request: Request) => Party;
  /** Called when the handler has begun; what it returns tells, when the handler has ended, what the party checked. */
  readonly observe: () => () => readonly StepCheck[];
}

/** A listening port. Its URL is known before what answers there, because each side is told the other's. */
export interface Mount {
  readonly url: string;
  mount(handler: Handler): void;
}

/** Where a scenario plays: servers on loopback, and a transcript of what passes between them. */
export interface Stage {
  readonly provider: Provider;
  readonly steps: readonly Step[];
  /** Puts the product app on a port of its own, with a server as a product team would choose. */
  serveApp(role: Omit<Role, 'party'>): Promise<Mount>;
  /** Puts an emulator on a port of its own. */
  serveEmulator(role: Role): Promise<Mount>;
  /** Notes something that a party worked out by itself. */
  note(party: Party, what: string, checks?: readonly StepCheck[]): void;
  close(): Promise<void>;
}

/** What a stage is set up with. */
export interface StageOptions {
  readonly provider: Provider;
  /** Told each step as it happens. */
  readonly onStep: (step: Step) => void;
  /** Corrupts the wire, for `--break`. */
  readonly tamper: Tamper | undefined;
}

export function createStage({ provider, onStep, tamper }: StageOptions): Stage {
  const steps: Step[] = [];
  const servers: Served[] = [];
  const begun: { step: Step | undefined }[] = [];
  let told = 0;
  let tampered = false;

  /** Takes a place in the transcript: steps are told in the order in which they began, so that causes come first. */
  function begin(): (step: Omit<Step, 'provider' | 'number'>) => void {
    const place: { step: Step | undefined } = { step: undefined };
    const number = begun.push(place);
    return (step) => {
      place.step = { provider, number, ...step };
      for (let next = begun[told]?.step; next !== undefined; next = begun[told]?.step) {
        told += 1;
        steps.push(next);
        onStep(next);
      }
    };
  }

  /** Times an exchange as its server sees it. */
  function tap({ party, from, observe }: Role): { readonly serve: Handler; readonly mount: Mount['mount'] } {
    let handler: Handler = async () => new Response(null, { status: 503 });
    const serve: Handler = async (request) => {
      const end = begin();
      const what = `${request.method} ${new URL(request.url).pathname}`;
      const changed = tampered ? undefined : await tamper?.(request);
      if (changed !== undefined) tampered = true;
      const startedMs = performance.now();
      const answer = handler(changed ?? request);
      const checks = observe();
      const { status } = await answer;
      const ms = performance.now() - startedMs;
      end({ from: from(request), to: party, what, status, checks: checks(), tampered: changed !== undefined, ms });
      return answer;
    };
    return {
      serve,
      mount(mounted) {
        handler = mounted;
      },
    };
  }

  return {
    provider,
    steps,
    async serveEmulator(role) {
      const { serve, mount } = tap(role);
      const server = await serveEmulator(serve);
      servers.push(server);
      return { url: server.url, mount };
    },
    async serveApp(role) {
      const { serve, mount } = tap({ party: 'product app', ...role });
      const server = serveApp({ ...loopback, fetch: serve });
      await server.ready();
      const url = (server.url ?? '').replace(/\/$/, '');
      servers.push({ url, close: () => server.close(true) });
      return { url, mount };
    },
    note(party, what, checks = []) {
      begin()({ from: party, to: party, what, status: undefined, checks, tampered: false, ms: 0 });
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

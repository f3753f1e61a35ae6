import { askMounted, createMountedHandler } from '../mount-cases.ts';
import { resultMark, type SuiteResult } from '../run-suite.ts';

type Handler = (request: Request) => Promise<Response>;

/** A handler behind the server of the runtime. */
interface Mounted {
  readonly port: number;
  close(): void | Promise<void>;
}

/** What is used of the runtimes' own servers. */
interface Servers {
  readonly Bun?: {
    serve(options: { hostname: string; port: number; fetch: Handler }): {
      readonly port: number;
      stop(force: boolean): Promise<void>;
    };
  };
  readonly Deno?: {
    serve(
      options: { hostname: string; port: number; onListen: () => void },
      handler: Handler,
    ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
  };
}

const { Bun, Deno } = globalThis as Servers;
const result = await runMounted();
console.log(resultMark + JSON.stringify(result));

async function runMounted(): Promise<SuiteResult> {
  const handler = await createMountedHandler();
  const mounted = mount(handler);
  if (mounted === undefined) return { passed: 0, failures: ['neither Bun.serve nor Deno.serve is here'] };
  const result = await askMounted(handler, `http://127.0.0.1:${mounted.port}`);
  await mounted.close();
  return result;
}

function mount(handler: Handler): Mounted | undefined {
  const where = { hostname: '127.0.0.1', port: 0 };
  if (Bun !== undefined) {
    const server = Bun.serve({ ...where, fetch: handler });
    return { port: server.port, close: () => server.stop(true) };
  }
  if (Deno !== undefined) {
    const server = Deno.serve({ ...where, onListen: () => {} }, handler);
    return { port: server.addr.port, close: () => server.shutdown() };
  }
  return undefined;
}

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { resultMark, type SuiteResult } from './run-suite.ts';

/** A runtime that the registry ships, and how it runs a module. */
export interface Runtime {
  readonly name: string;
  readonly entry: 'console' | 'workerd';
  /** The server of its own that handlers are mounted in; absent on Node, which has `node:http` alone, and on workerd. */
  readonly server?: string;
  /**
   * Where requests end what they began: the command line that serves a worker, given its configuration's path, and prints
   * the port as JSON.
   */
  readonly serve?: (config: string) => readonly string[];
  /** The command line, given the module's path. */
  readonly command: (module: string, folder: string) => readonly string[];
}

const npx = (tool: string, ...parameters: string[]): readonly string[] => ['npx', '-y', tool, ...parameters];

export const runtimes: readonly Runtime[] = [
  ...['22.23.3', '24.21.0', '26.10.0'].map(
    (version): Runtime => ({
      name: `Node ${version}`,
      entry: 'console',
      command: (module) => npx(`node@${version}`, module),
    }),
  ),
  { name: 'Bun 1.4.5', entry: 'console', server: 'Bun.serve', command: (module) => npx('bun@1.4.5', module) },
  {
    name: 'Deno 2.9.6',
    server: 'Deno.serve',
    entry: 'console',
    command: (module) => npx('deno@2.9.6', 'run', '--no-lock', '--allow-all', module),
  },
  {
    name: 'workerd 2026-11-17',
    entry: 'workerd',
    serve: (config) => npx('workerd@1.20261117.1', 'serve', '--control-fd=1', config),
    command: (_, folder) => npx('workerd@1.20261117.1', 'test', join(folder, 'workerd.capnp')),
  },
];

/** The worker reaches itself as `SELF`, and by every fetch the providers in it. */
const isolateConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "isolate", worker = (
    modules = [(name = "isolate", esModule = embed "isolate.mjs")],
    compatibilityDate = "2026-11-01",
    bindings = [(name = "SELF", service = "isolate")],
    globalOutbound = (name = "isolate", entrypoint = "providers"),
  ))],
);
`;

const workerdConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "suite", worker = (
    modules = [(name = "suite", esModule = embed "workerd.mjs")],
    compatibilityDate = "2026-11-01",
  ))],
);
`;

/** Runs the suite on one runtime. A runtime that prints no result has failed. */
export async function runOn(runtime: Runtime, folder: string): Promise<SuiteResult> {
  const module = await bundle(runtime.entry, folder);
  writeFileSync(join(folder, 'workerd.capnp'), workerdConfig);
  const [command = '', ...parameters] = runtime.command(module, folder);
  const output = await outputOf(command, parameters, folder);
  return readResult(output);
}

/** Asks handlers on workerd several times in one isolate, each time with what the requests before have left behind. */
export async function runIsolateOn(runtime: Runtime, folder: string): Promise<SuiteResult> {
  const module = await bundle('isolate', folder);
  writeFileSync(join(folder, 'workerd.capnp'), isolateConfig);
  const [command = '', ...parameters] = runtime.command(module, folder);
  return readResult(await outputOf(command, parameters, folder));
}

/** Fails in every way that a client can on a runtime with a console, and looks for secrets in what it prints. */
export async function runLeaksOn(runtime: Runtime, folder: string): Promise<SuiteResult> {
  const [command = '', ...parameters] = runtime.command(await bundle('leaks', folder), folder);
  return readResult(await outputOf(command, parameters, folder));
}

/** Mounts a handler in the runtime's own server, `Bun.serve` or `Deno.serve`, and asks it over HTTP. */
export async function runMountOn(runtime: Runtime, folder: string): Promise<SuiteResult> {
  const [command = '', ...parameters] = runtime.command(await bundle('mount', folder), folder);
  return readResult(await outputOf(command, parameters, folder));
}

/** Mounts a handler in `node:http` as Express, Hono and Next do, by the runtime's own module of that name. */
export async function runListenersOn(runtime: Runtime, folder: string): Promise<SuiteResult> {
  // not bundled: frameworks find each other by their packages
  const [command = '', ...parameters] = runtime.command(entryOf('listeners'), folder);
  return readResult(await outputOf(command, parameters, folder));
}

function entryOf(name: string): string {
  return fileURLToPath(new URL(`./entries/${name}.ts`, import.meta.url));
}

/** What came of the demo on one runtime: how many of the five authentications passed. */
export interface DemoResult {
  readonly passed: number;
  readonly failures: readonly string[];
}

/** Plays the whole demo, every built provider package with its emulator over HTTP, on a runtime with a console. */
export async function runDemoOn(runtime: Runtime, folder: string): Promise<DemoResult> {
  const demo = fileURLToPath(new URL('../../demo/src/x-demo.ts', import.meta.url));
  const [command = '', ...parameters] = runtime.command(demo, folder);
  const output = await outputOf(command, [...parameters, '--json'], folder);
  const text = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1);
  try {
    const { outcomes } = JSON.parse(text) as { outcomes: { provider: string; ok: boolean; caught?: string }[] };
    const failures = outcomes
      .filter(({ ok }) => !ok)
      .map(({ provider, caught }) => `${provider}: ${caught ?? 'failed'}`);
    return { passed: outcomes.length - failures.length, failures };
  } catch {
    return { passed: 0, failures: [`no result: ${output.trim().slice(-500)}`] };
  }
}

/** Finds the result among what a runtime printed. */
export function readResult(output: string): SuiteResult {
  const line = output.split('\n').find((text) => text.includes(resultMark));
  if (line === undefined) return { passed: 0, failures: [`no result: ${output.trim().slice(-500)}`] };
  return JSON.parse(line.slice(line.indexOf(resultMark) + resultMark.length)) as SuiteResult;
}

function outputOf(command: string, parameters: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      output += String(chunk);
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', () => resolve(output));
  });
}

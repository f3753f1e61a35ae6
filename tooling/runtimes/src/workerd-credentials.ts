import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import type { SuiteResult } from './run-suite.ts';

/** What is asked of a credential, when (ms after the first), and what the answer is. */
type Course = readonly (readonly [afterMs: number, step: 'get' | 'replace', answer: string])[];

/** The first value ends after four seconds; a request after three begins a renewal, and ends before that does. */
const lastsBeyond = (answer: string): Course => [
  [0, 'get', 't1'],
  [3000, 'get', 't1'],
  [6000, 'get', answer],
  [6000, 'get', answer],
];

/** Renewals and tries to tell the store that outlive the requests that began them. */
export const credentialCourses: Readonly<Record<string, Course>> = {
  'repeatable-alone': lastsBeyond('t3'),
  'repeatable-shared': lastsBeyond('t3'),
  'rotating-waited': lastsBeyond('t2'),
  'rotating-shared-waited': lastsBeyond('t2'),
  'rotating-unwaited': lastsBeyond('credential.expired answer-lost'),
  'told-late': [
    [0, 'replace', 'replaced'],
    [5500, 'get', 'given'],
    [7500, 'get', 't1'],
    [7500, 'get', 't1'],
  ],
};

/** A request of a client with defaults waits no longer. */
const patienceMs = 10_000;

/** Runs credentials in the isolate of a worker whose requests end what they began. */
export async function runCredentialsOn(
  command: (config: string) => readonly string[],
  folder: string,
): Promise<SuiteResult> {
  await bundle('workerd-credentials', folder);
  const slow = createServer(({ url = '' }, response) => void setTimeout(() => response.end(), Number(url.slice(1))));
  const slowPort = await new Promise<number>((resolve) =>
    slow.listen(0, '127.0.0.1', () => resolve((slow.address() as AddressInfo).port)),
  );
  const port = await freePort();
  const config = join(folder, 'workerd-credentials.capnp');
  writeFileSync(config, configOn(port));
  const [program = '', ...parameters] = command(config);
  // a group of its own: the launcher does not pass the end on
  const child = spawn(program, parameters, { cwd: folder, stdio: 'ignore', detached: true });
  const ask = async (path: string): Promise<string> => {
    const url = `http://127.0.0.1:${port}/${path}?slow=http://127.0.0.1:${slowPort}/`;
    return (await fetch(url, { signal: AbortSignal.timeout(patienceMs) })).text();
  };
  try {
    await untilReady(ask);
    const failures = await Promise.all(
      Object.entries(credentialCourses).map(async ([name, course]) => {
        const seen = await follow(course, (step) => ask(`${name}/${step}`));
        return seen.map((failure) => `${name}: ${failure}`);
      }),
    );
    return { passed: failures.filter((each) => each.length === 0).length, failures: failures.flat() };
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid);
    slow.closeAllConnections();
    slow.close();
  }
}

/** Asks as a course says, and tells where the answers are others. */
async function follow(course: Course, ask: (step: string) => Promise<string>): Promise<readonly string[]> {
  const beganMs = performance.now();
  const failures: string[] = [];
  for (const [afterMs, step, answer] of course) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, beganMs + afterMs - performance.now())));
    const seen = (await ask(step).catch(String)).trim();
    if (seen !== answer) failures.push(`${step} after ${afterMs} ms gives ${seen}, expected ${answer}`);
  }
  return failures;
}

async function untilReady(ask: (path: string) => Promise<string>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await ask('').catch(String)) === 'ready') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('workerd does not answer');
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function configOn(port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "main", esModule = embed "workerd-credentials.mjs")],
      compatibilityDate = "2026-11-01",
      globalOutbound = "net",
    )),
    (name = "net", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`;
}

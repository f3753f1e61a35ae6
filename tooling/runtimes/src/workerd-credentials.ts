import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundle } from './bundle.ts';
import type { SuiteResult } from './run-suite.ts';

/** What is asked of a credential, at which time by its clock in ms, and what the answer is. */
interface Course {
  readonly steps: readonly (readonly [atMs: number, step: 'get' | 'replace', answer: string])[];
  /** Whether what the second step begins is answered at last, after that step's own answer; else never. */
  readonly isAnswered: boolean;
}

/** The first value ends after four seconds; a request after three begins a renewal, and ends before that does. */
const lastsBeyond = (answer: string, isAnswered: boolean): Course => ({
  steps: [
    [0, 'get', 't1'],
    [3000, 'get', 't1'],
    [6000, 'get', answer],
    [6000, 'get', answer],
  ],
  isAnswered,
});

/** Renewals and tries to tell the store that outlive the requests that began them. */
export const credentialCourses: Readonly<Record<string, Course>> = {
  'repeatable-alone': lastsBeyond('t3', false),
  'repeatable-shared': lastsBeyond('t3', false),
  'rotating-waited': lastsBeyond('t2', true),
  'rotating-shared-waited': lastsBeyond('t2', true),
  'rotating-unwaited': lastsBeyond('credential.expired answer-lost', false),
  'told-late': {
    steps: [
      [0, 'replace', 'replaced'],
      [65_000, 'get', 'given'],
      [75_000, 'get', 't1'],
      [75_000, 'get', 't1'],
    ],
    isAnswered: false,
  },
};

/** What is not answered by then hangs. */
const patienceMs = 60_000;

/** Runs credentials in the isolate of a worker whose requests end what they began. */
export async function runCredentialsOn(
  command: (config: string) => readonly string[],
  folder: string,
): Promise<SuiteResult> {
  await bundle('workerd-credentials', folder);
  const slow = await openSlowServer();
  const config = join(folder, 'workerd-credentials.capnp');
  writeFileSync(config, workerConfig);
  const [program = '', ...parameters] = command(config);
  // a group of its own: the launcher does not pass the end on
  const child = spawn(program, parameters, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = once(child, 'close').then(() => Promise.reject(new Error('workerd ended')));
  ended.catch(() => {}); // it is to end at last
  try {
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
    const { port } = JSON.parse(line) as { readonly port: number };
    const ask = async (path: string, atMs: number): Promise<string> => {
      const url = `http://127.0.0.1:${port}/${path}?now=${beginMs + atMs}&slow=${slow.url}`;
      // a connection each: workerd ends those that are idle for some seconds
      const init = { headers: { connection: 'close' }, signal: AbortSignal.timeout(patienceMs) };
      return (await fetch(url, init)).text();
    };
    const failures = await Promise.all(
      Object.entries(credentialCourses).map(async ([name, course]) => {
        const seen = await follow(
          course,
          (step, atMs) => ask(`${name}/${step}`, atMs),
          () => slow.answer(name),
        );
        return seen.map((failure) => `${name}: ${failure}`);
      }),
    );
    return { passed: failures.filter((each) => each.length === 0).length, failures: failures.flat() };
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
    slow.close();
  }
}

const beginMs = Date.UTC(2026, 0, 1);

/** Asks as a course says, and tells where the answers are others. */
async function follow(
  { steps, isAnswered }: Course,
  ask: (step: string, atMs: number) => Promise<string>,
  answer: () => void,
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const [index, [atMs, step, expected]] of steps.entries()) {
    const seen = (await ask(step, atMs).catch(String)).trim();
    if (seen !== expected) failures.push(`${step} at ${atMs} ms gives ${seen}, expected ${expected}`);
    if (index === 1 && isAnswered) answer();
  }
  return failures;
}

/** A server across a network: the path names a course and the time that it is for that. */
interface SlowServer {
  readonly url: string;
  /** Answers what a course asks in its second step, at once or when it comes; in other steps all is answered at once. */
  answer(course: string): void;
  close(): void;
}

async function openSlowServer(): Promise<SlowServer> {
  const answers = new Map(
    Object.keys(credentialCourses).map((name) => {
      let answer = (): void => {};
      const come = new Promise<void>((resolve) => {
        answer = resolve;
      });
      return [name, { come, answer }];
    }),
  );
  // idle connections are the client's to close
  const server = createServer({ keepAliveTimeout: 0 }, async ({ url = '' }, response) => {
    const [, name = '', time] = url.split('/');
    const secondMs = beginMs + (credentialCourses[name]?.steps[1]?.[0] ?? 0);
    if (Number(time) === secondMs) await answers.get(name)?.come;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    answer: (name) => answers.get(name)?.answer(),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const workerConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "main", esModule = embed "workerd-credentials.mjs")],
      compatibilityDate = "2026-11-01",
      globalOutbound = "net",
    )),
    (name = "net", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../src/client.ts';
import type { FaultShare, JournalEntry } from '../src/emulator/index.ts';
import { createScaffold, type EmulatorRoute } from '../src/emulator/scaffold.ts';
import { seededRandom } from '../src/emulator/seeded-random.ts';
import { isXError } from '../src/errors.ts';
import { systemSleep } from '../src/rate-limiter/system-sleep.ts';
import type { RetryPolicy } from '../src/retry.ts';

/** Few enough connections for a server to accept at once, however busy the machine is. */
const inFlight = 32;
/** What an attempt may take, and no other timer here. */
const timeoutMs = 599_999;
/** When a late answer comes: never, because that time does not pass. */
const lateMs = 2_147_483_647;

/** 5 % each; one 429 in ten asks for a second, in either form; one slow answer in ten comes after the attempt's time. */
const shares: readonly FaultShare[] = [
  { fault: { kind: 'reset' }, probability: 0.05 },
  { fault: { kind: 'drop-after' }, probability: 0.05 },
  { fault: { kind: 'status', status: 503 }, probability: 0.05 },
  { fault: { kind: 'status', status: 429 }, probability: 0.045 },
  ...(['seconds', 'date'] as const).map((form): FaultShare => {
    const headers = { 'x-asked': 'yes' };
    return { fault: { kind: 'status', status: 429, headers, retryAfter: { seconds: 1, form } }, probability: 0.0025 };
  }),
  { fault: { kind: 'latency', ms: 20 }, probability: 0.045 },
  { fault: { kind: 'latency', ms: lateMs }, probability: 0.005 },
];

type Method = 'GET' | 'POST';

/** What callers and provider saw of so many calls. */
interface Tally {
  readonly calls: number;
  readonly answered: Readonly<Record<Method, ReadonlySet<string>>>;
  /** Codes, by order. */
  readonly failed: Readonly<Record<Method, ReadonlyMap<string, string>>>;
  /** How often the provider did the work of each order. */
  readonly done: Readonly<Record<Method, ReadonlyMap<string, number>>>;
  readonly journal: readonly JournalEntry[];
  /** How many answers came too late. */
  readonly late: number;
  /** Milliseconds from an answer that asked for a second to the next request of its call. */
  readonly pauses: readonly number[];
  readonly ms: number;
  readonly cpuMs: number;
}

/**
 * Runs something while the time of attempts passes only when it says so: what a busy machine takes for an answer is no
 * fault of the plan, and nobody waits until an attempt has had its time.
 */
async function withAttemptsHeld<Result>(use: (endAll: () => void) => Promise<Result>): Promise<Result> {
  const { setTimeout, clearTimeout } = globalThis;
  const held = new Map<object, () => void>();
  Object.assign(globalThis, {
    setTimeout(ring: () => void, ms?: number, ...given: []): unknown {
      if (ms !== timeoutMs) return setTimeout(ring, ms, ...given); // the platform's fetch sets timers as well
      const timer = {};
      held.set(timer, ring);
      return timer;
    },
    clearTimeout(timer: NodeJS.Timeout): void {
      if (!held.delete(timer)) clearTimeout(timer);
    },
  });
  try {
    return await use(() => {
      const rings = [...held.values()];
      if (rings.length === 0) throw new RangeError('no attempt has an end');
      held.clear();
      for (const ring of rings) ring();
    });
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
}

interface RunOptions extends Omit<Partial<RetryPolicy>, 'methods'> {
  /** Taken in turns. */
  readonly methods: readonly Method[];
}

function run(calls: number, seed: number, options: RunOptions): Promise<Tally> {
  return withAttemptsHeld((endAttempts) => runHeld(calls, seed, options, endAttempts));
}

async function runHeld(
  calls: number,
  seed: number,
  { methods, ...retry }: RunOptions,
  endAttempts: () => void,
): Promise<Tally> {
  const answered = { GET: new Set<string>(), POST: new Set<string>() };
  const failed = { GET: new Map<string, string>(), POST: new Map<string, string>() };
  const done = { GET: new Map<string, number>(), POST: new Map<string, number>() };
  const routes = (['GET', 'POST'] as const).map(
    (method): EmulatorRoute => ({
      method,
      path: '/orders/:id',
      handle({ params: { id = '' } }) {
        done[method].set(id, (done[method].get(id) ?? 0) + 1);
        return Response.json({ id });
      },
    }),
  );
  let late = 0;
  let waiting = 0;
  let working = inFlight;
  /** The time of attempts is over once all that are left wait for an answer that comes too late. */
  const look = (): void => {
    if (waiting === 0 || waiting < working) return;
    waiting = 0;
    endAttempts();
  };
  const emulator = createScaffold({
    routes,
    random: seededRandom(seed),
    sleep(ms, signal) {
      const slept = systemSleep(ms, signal);
      if (ms === lateMs) {
        late += 1;
        waiting += 1;
        look();
      }
      return slept;
    },
  });
  emulator.faults.mix(shares);
  const { url, close } = await emulator.serve();
  const askedAt = new Map<string, number>();
  const pauses: number[] = [];
  const client = createClient({
    provider: 'sample',
    baseUrl: url,
    timeoutMs,
    retry: { baseDelayMs: 5, ...retry },
    async fetch(input, init) {
      const key = (input as Request).url;
      const before = askedAt.get(key);
      if (before !== undefined) pauses.push(performance.now() - before);
      askedAt.delete(key);
      const response = await fetch(input, init);
      if (response.headers.has('x-asked')) askedAt.set(key, performance.now());
      return response;
    },
  });
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < calls) {
      next += 1;
      const id = String(next);
      const method = methods[next % methods.length] ?? 'GET';
      try {
        const order = await client(`orders/${id}`, { method }).json<{ id: string }>();
        assert.is(order.id, id);
        answered[method].add(id);
      } catch (error) {
        if (!isXError(error)) throw error;
        failed[method].set(id, error.code);
      }
    }
    working -= 1;
    look();
  };
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  try {
    await Promise.all(Array.from({ length: inFlight }, work));
  } finally {
    await close();
  }
  const ms = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = (user + system) / 1000;
  return { calls, answered, failed, done, journal: emulator.journal.entries, late, pauses, ms, cpuMs };
}

function ofMethod({ journal }: Tally, method: Method): readonly JournalEntry[] {
  return journal.filter((entry) => entry.method === method);
}

/** What is said of a run, for whoever reads the output. */
function tell(name: string, tally: Tally): void {
  const { calls, answered, failed, done, ms, cpuMs } = tally;
  const lines = (['GET', 'POST'] as const).map((method) => {
    const entries = ofMethod(tally, method);
    if (entries.length === 0) return '';
    const sent = answered[method].size + failed[method].size;
    const count = (status: number | undefined): number => entries.filter((entry) => entry.status === status).length;
    const faults = `${count(undefined)} without an answer, ${count(503)} × 503, ${count(429)} × 429`;
    const lost = [...done[method].keys()].filter((id) => !answered[method].has(id)).length;
    const twice = [...done[method].values()].filter((times) => times > 1).length;
    const outcome = `${answered[method].size} answered, ${failed[method].size} failed, ${lost} of them done, ${twice} done twice`;
    return `  ${method.padEnd(4)} ${sent} calls, ${entries.length} requests (${faults}): ${outcome}\n`;
  });
  process.stdout.write(
    `\n  ${name}: ${calls} calls in ${Math.round(ms)} ms, ${Math.round(cpuMs)} ms of them computing\n${lines.join('')}`,
  );
}

const load = suite('fault load');

load('with repetitions enough every GET is answered or told as late, and no POST is ever sent twice', async () => {
  const tally = await run(10_000, 7, { methods: ['GET', 'POST'], limit: 10, budgetRatio: 1, budgetReserve: 10_000 });
  tell('budget for every repetition', tally);
  const { calls, answered, failed, done, late, pauses } = tally;
  // a timeout is never repeated: the caller alone knows how much longer is worth waiting
  assert.equal([...new Set(failed.GET.values())], ['http.timeout']);
  assert.is(failed.GET.size + told(failed.POST, 'http.timeout'), late, 'every late answer is told, and no other');
  assert.is(answered.GET.size + failed.GET.size, calls / 2, 'none is lost');

  const posts = ofMethod(tally, 'POST');
  assert.is(posts.length, calls / 2, 'each goes out once');
  assert.is(new Set(posts.map(({ path }) => path)).size, calls / 2);
  assert.equal(
    [...done.POST.values()].filter((times) => times !== 1),
    [],
  );
  const isNear = (count: number, share: number): boolean => Math.abs(count / posts.length - share) < 0.015;
  // where an answer was lost after the work, another request would have done it twice
  const lost = [...done.POST.keys()].filter((id) => !answered.POST.has(id));
  assert.ok(isNear(lost.length, 0.05), `${lost.length} answers were lost`);
  assert.equal(
    [...answered.POST].filter((id) => !done.POST.has(id)),
    [],
    'what was answered was done',
  );
  for (const { path, status } of posts) {
    const id = path.slice('/orders/'.length);
    const code = answered.POST.has(id) ? 'answered' : failed.POST.get(id);
    assert.ok(toldBy[String(status)]?.includes(String(code)), `${id}: ${status} was told as ${code}`);
  }
  const broken = told(failed.POST, 'http.network');
  assert.ok(isNear(broken, 0.1), `${broken} broken connections`);
  assert.ok(told(failed.POST, 'http.timeout') > 0);

  for (const entries of [posts, ofMethod(tally, 'GET')]) {
    for (const [status, expected] of [
      [undefined, 0.105],
      [503, 0.05],
      [429, 0.05],
    ] as const) {
      const share = entries.filter((entry) => entry.status === status).length / entries.length;
      assert.ok(Math.abs(share - expected) < 0.02, `${status} came in ${share} of the requests`);
    }
  }
  assert.ok(pauses.length > 10, `${pauses.length} repetitions that were asked to wait`);
  assert.ok(Math.min(...pauses) >= 995, `one came after ${Math.min(...pauses)} ms`); // less what clocks round
});

function told(failed: ReadonlyMap<string, string>, code: string): number {
  return [...failed.values()].filter((one) => one === code).length;
}

/** What a call may come to, by the status in the journal: none where the connection or the attempt ended before one. */
const toldBy: Readonly<Record<string, readonly string[]>> = {
  '200': ['answered'],
  '503': ['http.server'],
  '429': ['http.rate-limited'],
  undefined: ['http.network', 'http.timeout'],
};

load('the default budget keeps to a tenth, tells the rest and loses nothing silently', async () => {
  const tally = await run(2_000, 8, { methods: ['GET'], limit: 10 });
  tell('default budget', tally);
  const { calls, answered, failed, late } = tally;
  const repeated = tally.journal.length - calls;
  // one request in five fails, so that a tenth is not enough; ten may be saved up
  assert.ok(repeated > calls * 0.1 && repeated <= calls * 0.1 + 10, `${repeated} repetitions`);
  assert.is(answered.GET.size + failed.GET.size, calls);
  assert.ok(failed.GET.size > 0 && failed.GET.size < calls * 0.2, `${failed.GET.size} failed`);
  assert.is(told(failed.GET, 'http.timeout'), late, 'and calls nothing late that was not');
  assert.equal([...new Set(failed.GET.values())].sort(), [
    'http.network',
    'http.rate-limited',
    'http.server',
    'http.timeout',
  ]);
});

load.run();

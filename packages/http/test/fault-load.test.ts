import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../src/client.ts';
import type { FaultShare, JournalEntry } from '../src/emulator/index.ts';
import { createScaffold, type EmulatorRoute } from '../src/emulator/scaffold.ts';
import { seededRandom } from '../src/emulator/seeded-random.ts';
import { isXError } from '../src/errors.ts';
import type { RetryPolicy } from '../src/retry.ts';

/** Few enough connections for a server to accept at once, however busy the machine is. */
const inFlight = 32;

/** 5 % each; one 429 in ten asks for a second, in either form. */
const shares: readonly FaultShare[] = [
  { fault: { kind: 'reset' }, probability: 0.05 },
  { fault: { kind: 'status', status: 503 }, probability: 0.05 },
  { fault: { kind: 'status', status: 429 }, probability: 0.045 },
  ...(['seconds', 'date'] as const).map((form): FaultShare => {
    const headers = { 'x-asked': 'yes' };
    return { fault: { kind: 'status', status: 429, headers, retryAfter: { seconds: 1, form } }, probability: 0.0025 };
  }),
  { fault: { kind: 'latency', ms: 20 }, probability: 0.05 },
];

type Method = 'GET' | 'POST';

/** What callers and provider saw of so many calls. */
interface Tally {
  readonly calls: number;
  readonly answered: Readonly<Record<Method, ReadonlySet<string>>>;
  readonly failed: Readonly<Record<Method, readonly string[]>>;
  /** How often the provider did the work of each order. */
  readonly done: Readonly<Record<Method, ReadonlyMap<string, number>>>;
  readonly journal: readonly JournalEntry[];
  /** Milliseconds from an answer that asked for a second to the next request of its call. */
  readonly pauses: readonly number[];
  readonly ms: number;
  readonly cpuMs: number;
}

interface RunOptions extends Omit<Partial<RetryPolicy>, 'methods'> {
  /** Taken in turns. */
  readonly methods: readonly Method[];
}

async function run(calls: number, seed: number, { methods, ...retry }: RunOptions): Promise<Tally> {
  const answered = { GET: new Set<string>(), POST: new Set<string>() };
  const failed: Record<Method, string[]> = { GET: [], POST: [] };
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
  const emulator = createScaffold({ routes, random: seededRandom(seed) });
  emulator.faults.mix(shares);
  const { url, close } = await emulator.serve();
  const askedAt = new Map<string, number>();
  const pauses: number[] = [];
  const client = createClient({
    provider: 'sample',
    baseUrl: url,
    timeoutMs: 60_000, // a busy machine is no fault of the plan
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
        failed[method].push(error.code);
      }
    }
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
  return { calls, answered, failed, done, journal: emulator.journal.entries, pauses, ms, cpuMs };
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
    const sent = answered[method].size + failed[method].length;
    const count = (status: number | undefined): number => entries.filter((entry) => entry.status === status).length;
    const faults = `${count(undefined)} resets, ${count(503)} × 503, ${count(429)} × 429`;
    const twice = [...done[method].values()].filter((times) => times > 1).length;
    const outcome = `${answered[method].size} answered, ${failed[method].length} failed, ${twice} done twice`;
    return `  ${method.padEnd(4)} ${sent} calls, ${entries.length} requests (${faults}): ${outcome}\n`;
  });
  process.stdout.write(
    `\n  ${name}: ${calls} calls in ${Math.round(ms)} ms, ${Math.round(cpuMs)} ms of them computing\n${lines.join('')}`,
  );
}

const load = suite('fault load');

load('with repetitions enough every GET is answered, and no POST is ever sent twice', async () => {
  const tally = await run(10_000, 7, { methods: ['GET', 'POST'], limit: 10, budgetRatio: 1, budgetReserve: 10_000 });
  tell('budget for every repetition', tally);
  const { calls, answered, failed, done, pauses } = tally;
  assert.equal(failed.GET, []);
  assert.is(answered.GET.size, calls / 2, 'none is lost');

  const posts = ofMethod(tally, 'POST');
  assert.is(posts.length, calls / 2, 'each goes out once');
  assert.is(new Set(posts.map(({ path }) => path)).size, calls / 2);
  assert.equal(
    [...done.POST.values()].filter((times) => times !== 1),
    [],
  );
  assert.equal([...answered.POST].sort(), [...done.POST.keys()].sort(), 'what was done was answered, and the reverse');
  const told = (code: string): number => failed.POST.filter((one) => one === code).length;
  const seen = (status: number | undefined): number => posts.filter((entry) => entry.status === status).length;
  assert.equal(
    [told('http.network'), told('http.server'), told('http.rate-limited')],
    [seen(undefined), seen(503), seen(429)],
    'each failure is told as what it was',
  );

  for (const entries of [posts, ofMethod(tally, 'GET')]) {
    for (const status of [undefined, 503, 429]) {
      const share = entries.filter((entry) => entry.status === status).length / entries.length;
      assert.ok(Math.abs(share - 0.05) < 0.015, `${status} came in ${share} of the requests`);
    }
  }
  assert.ok(pauses.length > 10, `${pauses.length} repetitions that were asked to wait`);
  assert.ok(Math.min(...pauses) >= 999, `one came after ${Math.min(...pauses)} ms`); // timers round to a millisecond
});

load('the default budget keeps to a tenth, tells the rest and loses nothing silently', async () => {
  const tally = await run(2_000, 8, { methods: ['GET'], limit: 10 });
  tell('default budget', tally);
  const { calls, answered, failed } = tally;
  const repeated = tally.journal.length - calls;
  // more than one request in seven fails, so that a tenth is not enough; ten may be saved up
  assert.ok(repeated > calls * 0.1 && repeated <= calls * 0.1 + 10, `${repeated} repetitions`);
  assert.is(answered.GET.size + failed.GET.length, calls);
  assert.ok(failed.GET.length > 0 && failed.GET.length < calls * 0.1, `${failed.GET.length} failed`);
  const told = new Set(failed.GET);
  assert.equal([...told].sort(), ['http.network', 'http.rate-limited', 'http.server']);
});

load.run();

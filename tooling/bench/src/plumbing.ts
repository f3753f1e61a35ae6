import { Pool } from 'undici';
import { startServer } from './child-server.ts';
import { median } from './measure.ts';
import { reportTarget } from './report.ts';
import { type Burst, compareBursts, type Share } from './shares.ts';

const handlers = [
  { name: 'bare handler', path: '/bare' },
  { name: 'one that counts its body', path: '/streamed' },
  { name: 'handler with @x/http/server', path: '/plumbed' },
] as const;

const servers = { srvx: 'srvx, whose json() needs no stream', platform: 'node:http with Requests of the platform' };

/**
 * Handlers of the same 1 kB JSON, with the plumbing and without. The caller spends less on a call than any of the
 * servers, so that the servers are what is slow.
 */
export async function benchPlumbing(): Promise<void> {
  for (const [kind, title] of Object.entries(servers)) {
    const { url, stop } = await startServer(new URL('./plumbing-server.ts', import.meta.url), kind);
    const post = openPost(url);
    try {
      const contenders = handlers.map(({ name, path }) => ({ name, burst: () => post.burst(path) }));
      const shares = await compareBursts(contenders, { rounds: 120 });
      console.log(`\nPOST of 1 kB JSON on ${title}, 16 in flight; share of the bare handler: median, middle half`);
      for (const share of shares) print(share);
      const plumbed = median(shares.at(-1)?.throughput ?? []);
      reportTarget('at least 0.85 of the bare handler’s throughput', plumbed, plumbed >= 0.85);
    } finally {
      await post.close();
      stop();
    }
  }
}

function print({ name, perSecond, cpuUs, throughput, cpu }: Share): void {
  const figures = `${perSecond.toFixed(0).padStart(7)}/s ${format(throughput)}  CPU ${cpuUs.toFixed(0)} µs ${format(cpu)}`;
  console.log(`  ${name.padEnd(28)} ${figures}`);
}

function format(shares: readonly number[]): string {
  const sorted = [...shares].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
  return `${median(sorted).toFixed(2)} (${at(0.25)} to ${at(0.75)})`;
}

interface Post {
  /** Posts so often, and tells what that cost. */
  burst(path: string): Promise<Burst>;
  close(): Promise<void>;
}

function openPost(url: string): Post {
  const [inFlight, requests] = [16, 240];
  const pool = new Pool(url, { connections: inFlight, pipelining: 1 });
  const body = JSON.stringify({ text: 'x'.repeat(1000) });
  const headers = { 'content-type': 'application/json' };

  const post = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      pool.dispatch(
        { path, method: 'POST', headers, body },
        {
          onRequestStart: () => {},
          onResponseStart: (_, status) => {
            if (status !== 200) reject(new Error(`${path} answered ${status}`));
          },
          onResponseData: () => {},
          onResponseEnd: () => resolve(),
          onResponseError: (_, error) => reject(error),
        },
      );
    });

  /** CPU time of the server, in microseconds. */
  async function serverUs(): Promise<number> {
    const answer = await pool.request({ path: '/cpu', method: 'GET' });
    return Number(await answer.body.text());
  }

  return {
    async burst(path) {
      const usedUs = await serverUs();
      const startedMs = performance.now();
      let left = requests;
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          while (left > 0) {
            left -= 1;
            await post(path);
          }
        }),
      );
      const perSecond = (requests * 1000) / (performance.now() - startedMs);
      return { perSecond, cpuUs: ((await serverUs()) - usedUs) / requests };
    },
    close: () => pool.close(),
  };
}

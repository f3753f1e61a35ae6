import { createClient, renewableCredential, staticCredential } from '@x/http';
import ky from 'ky';
import { request as undiciRequest } from 'undici';
import { startServer } from './child-server.ts';
import { measureCpuRatio } from './cpu-ratio.ts';
import { type LoadResult, measureLoad } from './load.ts';
import { measure } from './measure.ts';
import { benchPlumbing } from './plumbing.ts';
import { reportTarget } from './report.ts';
import { sizeOf } from './size.ts';
import { importTable } from './start-up.ts';

/** The client against ky, fetch and undici, the handlers' plumbing against none, credentials, start-up and size. */
export async function benchClient(): Promise<void> {
  const { url, stop } = await startServer(new URL('./server.ts', import.meta.url));
  try {
    await benchCalls(url);
  } finally {
    stop();
  }
  await benchPlumbing();
  await benchCredential();
  benchImport();
  await benchSize();
}

async function benchCalls(url: string): Promise<void> {
  const token = 'a token';
  const bare = ky.create({ baseUrl: url, timeout: 10_000, retry: { limit: 2 }, headers: { 'x-token': token } });
  const ours = createClient({ provider: 'bench', baseUrl: url, credential: staticCredential({ 'x-token': token }) });
  const headers = { 'x-token': token };
  for (const inFlight of [1, 16, 256]) {
    const results = await measureLoad(
      [
        { name: 'ky', call: () => bare.get('item').json() },
        { name: '@x/http', call: () => ours.get('item').json() },
        { name: 'fetch', call: async () => (await fetch(`${url}item`, { headers })).json() },
        { name: 'undici.request', call: async () => (await undiciRequest(`${url}item`, { headers })).body.json() },
      ],
      { inFlight, requests: inFlight === 1 ? 500 : 2000 },
    );
    reportLoad(`GET of a small JSON, ${inFlight} in flight`, results);
    const { ratio, trials, control, kyUs, oursUs } = await measureCpuRatio(url, { inFlight });
    console.log(`  CPU in processes of their own: ky ${kyUs.toFixed(0)} µs, @x/http ${oursUs.toFixed(0)} µs`);
    console.log(`  ratio in each trial: ${list(trials)}; of ky beside ky: ${list(control)}`);
    reportTarget('CPU for a request at most 1.10 × ky', ratio, ratio <= 1.1);
  }
}

function list(ratios: readonly number[]): string {
  return ratios.map((ratio) => ratio.toFixed(2)).join(' ');
}

async function benchCredential(): Promise<void> {
  const credential = renewableCredential({
    provider: 'bench',
    key: 'bench',
    issue: async () => ({ token: 'a token' }),
    toHeaders: ({ token }) => ({ 'x-token': token }),
    expiresAtMs: () => undefined,
  });
  await credential.get();
  const [warm] = await measure([{ name: 'warm', run: () => credential.headers({}) }]);
  console.log('\nRenewable credential');
  const us = (warm?.medianNs ?? 0) / 1000;
  reportTarget('under 2 µs when warm', us, us < 2);
}

function benchImport(): void {
  console.log('\nImport in a fresh process: milliseconds, files');
  const [base = 1, ours = 1] = importTable(['ky', '@x/http']);
  reportTarget('at most 1.2 × ky', ours / base, ours <= base * 1.2);
  importTable(['@x/http/server', '@x/http/errors', '@x/http/store', '@x/http/emulator']);
}

/** What each export adds to a bundle that has ky already. */
async function benchSize(): Promise<void> {
  console.log('\nSize added to ky, dependencies included, in bytes: minified, gzip');
  const base = await sizeOf(['default as ky'], 'ky');
  const print = (name: string, minified: number, gzip: number): void =>
    console.log(`  ${name.padEnd(48)} ${String(minified).padStart(7)} ${String(gzip).padStart(7)}`);
  print('ky itself', base.minified, base.gzip);
  for (const names of [
    ['createClient'],
    ['createClient', 'staticCredential'],
    ['createClient', 'renewableCredential'],
    ['createClient', 'paginate'],
    ['createClient', 'createRateLimiter'],
  ]) {
    const { minified, gzip } = await sizeOf(names, '@x/http');
    print(names.join(', '), minified - base.minified, gzip - base.gzip);
    if (names.length === 1) reportTarget('at most 4000 bytes gzip added', gzip - base.gzip, gzip - base.gzip <= 4000);
  }

  console.log('\nSize without ky, dependencies included, in bytes: minified, gzip');
  for (const [names, from] of withoutKy) {
    const { minified, gzip } = await sizeOf(names, from);
    print(names.join(', '), minified, gzip);
  }
}

const withoutKy: readonly [names: readonly string[], from: string][] = [
  [['isXError'], '@x/http/errors'],
  [['renewableCredential'], '@x/http'],
  [['readJson', 'json', 'problem'], '@x/http/server'],
  [['readBody', 'problem'], '@x/http/server'],
  [['setCookie', 'readCookie'], '@x/http/server'],
  [['memoryStore'], '@x/http/store'],
  [['sealedStore'], '@x/http/store'],
  [['redisStore'], '@x/http/redis'],
  [['postgresStore'], '@x/http/postgres'],
  [['keyvStore'], '@x/http/keyv'],
];

function reportLoad(title: string, results: readonly LoadResult[]): void {
  const [base] = results;
  console.log(`\n${title}`);
  for (const { name, perSecond, p50Ms, p99Ms, cpuUs } of results) {
    const ratio = `${(cpuUs / (base?.cpuUs ?? cpuUs)).toFixed(2)}×`;
    console.log(
      `  ${name.padEnd(28)} ${perSecond.toFixed(0).padStart(7)}/s  p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms  CPU ${cpuUs.toFixed(0)} µs ${ratio}`,
    );
  }
}

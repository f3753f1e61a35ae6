// A child process that calls a server in one of two ways, in bursts that its parent asks for, and tells what each cost.
import { createClient, defaultRetryPolicy, staticCredential } from '@x/http';
import ky from 'ky';
import { callMany } from './load.ts';
import type { Burst } from './shares.ts';

const [way, baseUrl = ''] = process.argv.slice(2);
const token = 'a token';
const { limit, methods, statusCodes, baseDelayMs, maxDelayMs } = defaultRetryPolicy;

/** Set to what the client does unless it is told otherwise, so that both do the same work for the same promises. */
const bare = ky.create({
  baseUrl,
  timeout: 10_000,
  headers: { 'user-agent': '@x/http', 'x-token': token },
  retry: {
    limit,
    methods: methods.filter((method) => method !== 'options') as ('get' | 'head' | 'put' | 'delete')[],
    statusCodes: [...statusCodes],
    afterStatusCodes: [...statusCodes],
    delay: (attempt) => Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1)),
    jitter: true,
  },
});
const ours = createClient({ provider: 'bench', baseUrl, credential: staticCredential({ 'x-token': token }) });
const instance = way === 'ky' ? bare : ours;

process.on('message', async ({ requests, inFlight }: { readonly requests: number; readonly inFlight: number }) => {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await callMany(() => instance.get('item').json(), { requests, inFlight });
  const { user, system } = process.cpuUsage(before);
  const perSecond = (requests * 1000) / (performance.now() - startedMs);
  process.send?.({ perSecond, cpuUs: (user + system) / requests } satisfies Burst);
});

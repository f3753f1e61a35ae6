import { waitUntil } from 'cloudflare:workers';
import { createAuthorizationHandler, jwtVerifier } from '@x/hypelabs';
import { createQuickBlox } from '@x/quickblox';
import { createEmulator } from '@x/quickblox/emulator';
import { createTokenHandler } from '@x/quickblox/handler';
import { type IsolateCourse, isolateCourses, isolateSteps, type Step } from '../isolate-steps.ts';
import { resultMark } from '../run-suite.ts';

interface Service {
  fetch(request: Request): Promise<Response>;
}

const apiSecret = 'secret-of-the-dashboard';
/** Nothing here takes so long, on no machine. Where it is to pass, its timers ring a hundred times as fast. */
const deadlineMs = 40_000;
let isHurried = false;
const platformTimer = globalThis.setTimeout;
globalThis.setTimeout = ((ring: () => void, ms = 0) =>
  platformTimer(ring, isHurried && isSlice(ms) ? ms / 100 : ms)) as typeof platformTimer;
/** A deadline is counted in equal parts. */
const isSlice = (ms: number): boolean => ms >= 4000 && deadlineMs % ms === 0;

const originOf = (course: IsolateCourse): string => `https://${course}.example`;
const courseOf = (url: string): IsolateCourse => new URL(url).hostname.replace('.example', '') as IsolateCourse;

function handlerOf(course: IsolateCourse): Service['fetch'] {
  const provider = originOf(course);
  if (course.startsWith('authorize')) {
    const verifier = jwtVerifier({
      issuer: provider,
      audience: 'mesh',
      jwksUrl: `${provider}/keys`,
      jwksTimeoutMs: 60_000,
    });
    const app = { name: 'isolate', apiUser: 'caller', apiSecret, verifier };
    return createAuthorizationHandler({ apps: [app], deadlineMs, verifierDeadlineMs: deadlineMs });
  }
  if (course === 'login-left') return loginHandler(provider);
  return createTokenHandler({
    quickblox: createQuickBlox({
      ...{ applicationId: 1, apiKey: 'key', baseUrl: provider, retry: { limit: 0 }, timeoutMs: 60_000 },
    }),
    authenticate: () => 7,
    deadlineMs,
    ...(course === 'token-kept' && { waitUntil }),
  });
}

/** Logs a user in at an emulator, after the provider has been asked for each session. */
function loginHandler(provider: string): Service['fetch'] {
  const application = { id: 1, authKey: 'key', authSecret: 'secret' };
  const users = [{ id: 7, login: 'anna', password: 'password' }];
  const emulator = createEmulator({ applications: [{ ...application, users }] });
  const session = createQuickBlox({
    ...{ applicationId: application.id, authKey: application.authKey, authSecret: application.authSecret },
    timeoutMs: 60_000,
    async fetch(input, init) {
      const request = new Request(input, init);
      if (request.url.endsWith('/session.json')) await (await fetch(provider)).text();
      return emulator.fetch(request);
    },
  }).session();
  return async () => {
    const { id } = await session.login({ kind: 'login', login: 'anna', password: 'password' });
    return new Response(null, { status: id === 7 ? 200 : 500 });
  };
}

/** As an application has them: made once for all requests of the isolate. */
const handlers = new Map(isolateCourses.map((course) => [course, handlerOf(course)]));

/** Of all issuers; text, because what does I/O belongs to the request that made it. */
let keySet = '';
const fetches: Partial<Record<IsolateCourse, number>> = {};

/** Courses whose first request was answered, and whose provider answers it now that the platform keeps it going. */
const released = new Set<IsolateCourse>();

/** All providers, to which the configuration sends every fetch: their first answers come after the deadlines, or not for a minute. */
export const providers: Service = {
  async fetch(request) {
    await request.text(); // a body that is not read keeps the request alive that it was sent from
    const course = courseOf(request.url);
    const count = (fetches[course] ?? 0) + 1;
    fetches[course] = count;
    // a minute: what is not given up by then never would be
    for (let waits = 0; count === 1 && waits < 6000 && !released.has(course); waits += 1) await sleep(10);
    const headers = { 'content-type': 'application/json' };
    if (course.startsWith('authorize')) return new Response(keySet, { headers });
    const expires_at = new Date(Date.now() + 7_200_000).toISOString();
    return new Response(JSON.stringify({ token: `t${count}`, expires_at }), { status: 201, headers });
  },
};

// biome-ignore lint/style/noDefaultExport: workerd takes its handlers from the default export
export default {
  async fetch({ url, method, headers, body: stream }: Request): Promise<Response> {
    const body = await new Response(stream).text(); // likewise
    const course = courseOf(url);
    const answer = handlers.get(course)?.(new Request(url, { method, headers, body }));
    if (answer === undefined) throw new Error(`no course ${course}`);
    if (!url.endsWith('?leave')) return answer;
    while (fetches[course] === undefined) await sleep(10);
    return new Response(null, { status: 202 });
  },
  async test(_: unknown, { SELF }: { readonly SELF: Service }): Promise<void> {
    const sign = await createSigner();
    const failures: string[] = [];
    for (const step of isolateSteps) {
      await sleep(step.afterMs);
      isHurried = step.expected.startsWith('503');
      const seen = await ask(SELF, step, await sign(originOf(step.course)));
      isHurried = false;
      if (step.course === 'token-kept') released.add(step.course);
      if (seen !== step.expected) {
        failures.push(`${step.course}, ${step.name}: expected ${step.expected}, got ${seen}`);
      }
    }
    console.log(resultMark + JSON.stringify({ passed: isolateSteps.length - failures.length, failures }));
  },
};

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => platformTimer(resolve, ms));
}

/** Each is a request with a context of its own, as from the outside. */
async function ask(service: Service, { course, leaves }: Step, access_token: string): Promise<Step['expected']> {
  const body = JSON.stringify({ api_user: 'caller', api_secret: apiSecret, access_token, token_type: 'Bearer' });
  const headers = { 'content-type': 'application/json' };
  const url = `${originOf(course)}/${leaves === true ? '?leave' : ''}`;
  const response = await service.fetch(new Request(url, { method: 'POST', headers, body }));
  await response.text();
  return `${response.status} after ${fetches[course] ?? 0} fetches`;
}

/** Makes a key that all issuers have, and what signs a token of one with it. */
async function createSigner(): Promise<(iss: string) => Promise<string>> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { publicKey, privateKey } = (await crypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const { kty, crv, x, y } = (await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey;
  keySet = JSON.stringify({ keys: [{ kty, crv, x, y, kid: 'one', alg: 'ES256' }] });
  return async (iss) => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss, aud: 'mesh', sub: 's', client_id: 'c', jti: 'j', iat, exp: iat + 60 };
    const parts = [{ alg: 'ES256', typ: 'at+jwt', kid: 'one' }, claims];
    const head = parts.map((part) => encode(JSON.stringify(part))).join('.');
    const hash = { name: 'ECDSA', hash: 'SHA-256' };
    const signature = await crypto.subtle.sign(hash, privateKey, new TextEncoder().encode(head));
    return `${head}.${encode(String.fromCharCode(...new Uint8Array(signature)))}`;
  };
}

function encode(bytes: string): string {
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

import { createAuthorizationHandler, jwtVerifier } from '@x/hypelabs';
import { createQuickBlox } from '@x/quickblox';
import { createTokenHandler } from '@x/quickblox/handler';
import { type IsolatePath, isolateSteps, type Step } from '../isolate-steps.ts';
import { resultMark } from '../run-suite.ts';

interface Service {
  fetch(request: Request): Promise<Response>;
}

const apiSecret = 'secret-of-the-dashboard';
const issuer = 'https://login.example';
const deadlineMs = 300;

const authorize = createAuthorizationHandler({
  apps: [
    {
      name: 'isolate',
      apiUser: 'caller',
      apiSecret,
      verifier: jwtVerifier({ issuer, audience: 'mesh', jwksUrl: `${issuer}/keys` }),
    },
  ],
  deadlineMs,
});

const mint = createTokenHandler({
  quickblox: createQuickBlox({ applicationId: 1, apiKey: 'key', retry: { limit: 0 } }),
  authenticate: () => 7,
  deadlineMs,
});

/** Of the issuer; text, because what does I/O belongs to the request that made it. */
let keySet = '';
const fetches = { '/authorize': 0, '/token': 0 };

/** Both providers, to which the configuration sends every fetch: their first answers come after the deadlines. */
export const providers: Service = {
  async fetch({ url }) {
    const path = url.startsWith(issuer) ? '/authorize' : '/token';
    fetches[path] += 1;
    if (fetches[path] === 1) await new Promise((resolve) => setTimeout(resolve, 2 * deadlineMs));
    const headers = { 'content-type': 'application/json' };
    if (path === '/authorize') return new Response(keySet, { headers });
    const expires_at = new Date(Date.now() + 7_200_000).toISOString();
    const body = JSON.stringify({ token: `t${fetches[path]}`, expires_at });
    return new Response(body, { status: 201, headers });
  },
};

// biome-ignore lint/style/noDefaultExport: workerd takes its handlers from the default export
export default {
  fetch: (request: Request): Promise<Response> => (request.url.endsWith('/token') ? mint : authorize)(request),
  async test(_: unknown, { SELF }: { readonly SELF: Service }): Promise<void> {
    const token = await signToken();
    const failures: string[] = [];
    for (const { name, path, expected, afterMs } of isolateSteps) {
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const seen = await ask(SELF, path, token);
      if (seen !== expected) failures.push(`${name}: expected ${expected}, got ${seen}`);
    }
    console.log(resultMark + JSON.stringify({ passed: isolateSteps.length - failures.length, failures }));
  },
};

/** Each is a request with a context of its own, as from the outside. */
async function ask(service: Service, path: IsolatePath, access_token: string): Promise<Step['expected']> {
  const body = JSON.stringify({ api_user: 'caller', api_secret: apiSecret, access_token, token_type: 'Bearer' });
  const headers = { 'content-type': 'application/json' };
  const response = await service.fetch(new Request(`https://app.example${path}`, { method: 'POST', headers, body }));
  await response.text();
  return `${response.status} after ${fetches[path]} fetches`;
}

async function signToken(): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { publicKey, privateKey } = (await crypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const { kty, crv, x, y } = (await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey;
  keySet = JSON.stringify({ keys: [{ kty, crv, x, y, kid: 'one', alg: 'ES256' }] });
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: 'mesh', sub: 's', client_id: 'c', jti: 'j', iat, exp: iat + 60 };
  const head = [{ alg: 'ES256', typ: 'at+jwt', kid: 'one' }, claims]
    .map((part) => encode(JSON.stringify(part)))
    .join('.');
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    privateKey,
    new TextEncoder().encode(head),
  );
  return `${head}.${encode(String.fromCharCode(...new Uint8Array(signature)))}`;
}

function encode(bytes: string): string {
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

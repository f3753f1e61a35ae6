import { createClient, isXError, renewableCredential } from '@x/http';
import { createScaffold } from '@x/http/emulator';

let accepted = 't1'; // of a provider in memory, which accepts one token at a time
const orders = (token: string | null): Response =>
  token === accepted ? Response.json([{ id: 7 }]) : new Response(null, { status: 401 });
const emulator = createScaffold({
  routes: [
    { method: 'POST', path: '/v1/token', handle: () => Response.json({ token: accepted, expiresAtMs: 2e12 }) },
    { method: 'GET', path: '/v1/orders', handle: ({ request }) => orders(request.headers.get('x-token')) },
  ],
});

const options = { provider: 'sample', baseUrl: 'https://api.example.com/v1', fetch: emulator.fetch };
const credential = renewableCredential<{ token: string; expiresAtMs: number }>({
  provider: 'sample',
  key: 'sample/shop-1',
  issue: ({ signal }) => createClient(options).post('token', { signal }).json(),
  toHeaders: ({ token }) => ({ 'x-token': token }),
  expiresAtMs: (session) => session.expiresAtMs,
  isRejected: ({ status }) => status === 401,
});
const client = createClient({ ...options, credential });
console.log(await client.get('orders').json(), credential.peek()?.token);
accepted = 't2'; // the provider forgets the token: it is renewed, the request replayed
console.log(await client.get('orders').json(), credential.peek()?.token);
emulator.faults.add({ kind: 'status', status: 503 }); // an outage that passes: the request is repeated
console.log(await client.get('orders').json());
await client.get('nowhere').then(undefined, (error) => console.log(isXError(error) && error.code));

import { createTokenHandler } from '@x/quickblox/handler';
import { quickblox } from './quickblox.ts';

// Your endpoint at which a front end gets its token. Who is asking, your own session says, never the request.
const handler = createTokenHandler({
  quickblox,
  authenticate: (request) => (request.headers.get('cookie') === 'session=of-anna' ? 7 : undefined),
});

const headers = { cookie: 'session=of-anna' };
const answer = await handler(new Request('https://app.example/quickblox-token', { method: 'POST', headers }));
console.log(answer.status, Object.keys((await answer.json()) as object)); // 200 [ 'token', 'expiresAt' ]

// What your back end does in the name of a user needs no session at all.
const { client } = quickblox.server({ onBehalfOf: 7 });
console.log((await client.get('users/7.json')).status);

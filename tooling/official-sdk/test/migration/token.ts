import { createTokenHandler } from '@x/quickblox/handler';
import { quickblox } from './quickblox.ts';

// Your endpoint at which a front end gets its token. Who is asking, your own session says, never the request.
const handler = createTokenHandler({
  quickblox,
  authenticate: (request) => (request.headers.get('cookie') === 'session=of-anna' ? 7 : undefined),
});

const ask = (headers: Record<string, string>): Promise<Response> =>
  handler(new Request('https://app.example/quickblox-token', { method: 'POST', headers }));
const answer = await ask({ cookie: 'session=of-anna' });
const { token, id, expiresAt } = (await answer.json()) as Record<'token' | 'id' | 'expiresAt', string>;
console.log(answer.status, token.length, expiresAt);

// What the front end asks when the SDK tells it that the session of its token has expired.
console.log((await ask({ cookie: 'session=of-anna', 'X-Ended-Token': id })).status);

// What your back end does in the name of a user needs no session at all.
const { client } = quickblox.server({ onBehalfOf: 7 });
console.log((await client.get('users/7.json')).status);

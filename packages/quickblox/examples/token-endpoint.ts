import { createQuickBlox } from '@x/quickblox';
import { createEmulator } from '@x/quickblox/emulator';
import { createTokenHandler } from '@x/quickblox/handler';

const application = { id: 76730, authKey: 'ak_example', authSecret: 'as_example', apiKeys: ['example-key'] };
const { fetch } = createEmulator({ applications: [{ ...application, users: [{ id: 7 }] }] });

const handle = createTokenHandler({
  quickblox: createQuickBlox({ applicationId: 76730, apiKey: 'example-key', fetch }),
  // your own sign-in, and your own record of QuickBlox's id of the user
  authenticate: ({ headers }) => (headers.get('cookie') === 'signed-in=anna' ? 7 : undefined),
});

const ask = (headers: Record<string, string>): Promise<Response> =>
  handle(new Request('https://app.example/token', { method: 'POST', headers }));

console.log((await ask({ cookie: 'signed-in=nobody' })).status);
const { id, ...given } = (await (await ask({ cookie: 'signed-in=anna' })).json()) as { id: string };
console.log(Object.keys(given));
// what the front end does when QuickBlox says that its token's session does not exist
const answer = await ask({ cookie: 'signed-in=anna', 'X-Ended-Token': id });
console.log(answer.status, ((await answer.json()) as { id: string }).id !== id);

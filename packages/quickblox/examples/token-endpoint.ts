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

for (const cookie of ['signed-in=anna', 'signed-in=nobody']) {
  const answer = await handle(new Request('https://app.example/token', { method: 'POST', headers: { cookie } }));
  console.log(answer.status, Object.keys(await answer.json()));
}

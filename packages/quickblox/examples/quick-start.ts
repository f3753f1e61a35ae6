import { createQuickBlox } from '@x/quickblox';
import { createEmulator } from '@x/quickblox/emulator';
import { listUsers } from '@x/quickblox/resources';

const anna = { id: 7, login: 'anna', password: 'an example' };
const application = { id: 76730, authKey: 'ak_example', authSecret: 'as_example', apiKeys: ['example-key'] };
const emulator = createEmulator({ applications: [{ ...application, users: [anna] }] });

const quickblox = createQuickBlox({
  applicationId: 76730,
  authKey: 'ak_example',
  authSecret: 'as_example',
  apiKey: 'example-key',
  fetch: emulator.fetch, // leave it out to reach QuickBlox itself
});

const session = quickblox.session({ kind: 'login', login: 'anna', password: 'an example' });
for await (const user of listUsers(session.client)) console.log('signed in, seen:', user.login);

emulator.endSessions(); // the next request meets a session that is gone, gets a new one and is repeated
const { userId, expiresAtMs } = await session.info();
console.log(`user ${userId}, until ${new Date(expiresAtMs ?? 0).toISOString().slice(0, 10)}`);

const { token } = await quickblox.createUserToken(7);
console.log(`a token of ${token.length} characters for the app of user 7`);
console.log(
  'calls:',
  emulator.journal.entries.map(({ method, path, status }) => `${method} ${path} ${status}`),
);

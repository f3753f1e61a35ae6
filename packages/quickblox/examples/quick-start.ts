import { createQuickBlox } from '@x/quickblox';
import { createEmulator } from '@x/quickblox/emulator';
import { listUsers } from '@x/quickblox/resources';

const anna = { id: 7, login: 'anna', password: 'an example' };
const keys = { authKey: 'ak_example', authSecret: 'as_example' };
const emulator = createEmulator({ applications: [{ id: 76730, ...keys, apiKeys: ['example-key'], users: [anna] }] });
const { fetch } = emulator; // leave it out to reach QuickBlox itself
const quickblox = createQuickBlox({ applicationId: 76730, ...keys, apiKey: 'example-key', fetch });

const session = quickblox.session({ kind: 'login', login: 'anna', password: 'an example' });
for await (const user of listUsers(session.client)) console.log('signed in, seen:', user.login);

emulator.endSessions(); // the next request meets a session that is gone, gets a new one and is repeated
const { userId, expiresAtMs } = await session.info();
console.log(`user ${userId}, until ${new Date(expiresAtMs ?? 0).toISOString().slice(0, 10)}`);

const { token } = await quickblox.createUserToken(7);
console.log(`a token of ${token.length} characters for the app of user 7`);
const calls = emulator.journal.entries.map(({ method, path, status }) => `${method} ${path} ${status}`);
console.log('calls:', calls);

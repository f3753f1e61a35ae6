import { getUser } from '@x/quickblox/resources';
import { quickblox, session } from './quickblox.ts';

const { userId, expiresAtMs } = await session.info();
const user = await getUser(session.client, userId);
console.log(`signed in as ${user.full_name}, until ${new Date(expiresAtMs ?? 0).toISOString()}`);
await session.destroy();

// An application's session, in which a user logs in and out.
const visitor = quickblox.session();
console.log((await visitor.login({ kind: 'login', login: 'anna', password: 'an example' })).id);
await visitor.logout();

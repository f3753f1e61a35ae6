// Processes that share one session, whose token nobody can read in the store.
import { generateKey } from '@x/crypto';
import { memoryStore, sealedStore } from '@x/http/store';
import { createQuickBlox } from '@x/quickblox';
import { createEmulator } from '@x/quickblox/emulator';

const application = { id: 76730, authKey: 'ak_example', authSecret: 'as_example' };
const { fetch, journal } = createEmulator({ applications: [application] });

// with several machines: redisStore of @x/http/redis, and a key from your configuration
const store = sealedStore(memoryStore(), { keys: [{ id: '2026-01', key: generateKey() }] });
const options = { applicationId: 76730, authKey: 'ak_example', authSecret: 'as_example', store, fetch };

const sessions = [createQuickBlox(options).session(), createQuickBlox(options).session()];
for (const session of sessions) console.log('user', (await session.info()).userId);
console.log('sessions created:', journal.entries.filter(({ status }) => status === 201).length);

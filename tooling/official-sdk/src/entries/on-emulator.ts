// Loaded before a script (`node --import`): whatever it sends to QuickBlox goes to an emulator in its own process, and it
// fails when that found something to refuse which the script did not mean.
import { createEmulator } from '@x/quickblox/emulator';
import { standIn } from '../stand-in.ts';

standIn('node-xmpp-client', 'node-fetch');

const emulator = createEmulator({
  applications: [
    {
      id: 76730,
      authKey: process.env['QUICKBLOX_AUTH_KEY'] ?? '',
      authSecret: process.env['QUICKBLOX_AUTH_SECRET'] ?? '',
      apiKeys: [process.env['QUICKBLOX_API_KEY'] ?? ''],
      users: [
        { id: 7, login: 'anna', password: process.env['ANNAS_PASSWORD'] ?? '', fullName: 'Anna' },
        { id: 8, login: 'otto', password: 'another example', fullName: 'Otto' },
      ],
    },
  ],
});
globalThis.fetch = emulator.fetch;

process.once('exit', (code) => {
  const refused = emulator.journal.entries.flatMap(({ checks, method, path }) =>
    checks.filter(({ ok, name }) => !ok && name !== 'credentials').map(({ name }) => `${method} ${path}: ${name}`),
  );
  const complaints = [...refused, ...emulator.journal.warnings()];
  if (emulator.journal.entries.length === 0) complaints.push('nothing was sent');
  for (const complaint of complaints) console.error(complaint);
  if (code === 0 && complaints.length > 0) process.exitCode = 1;
});

import type { ClientEvent } from '@x/http';
import { type Level, type Logger, pino } from 'pino';

/** How loud each event is. A type that is missing here does not compile. */
const levels: Readonly<Record<ClientEvent['type'], Level>> = {
  request: 'debug',
  response: 'debug',
  'request-failed': 'warn',
  retry: 'warn',
  'credential-issued': 'info',
  'credential-renewed': 'info',
  'credential-reused': 'trace',
  'credential-failed': 'error',
  'credential-store-failed': 'error',
};

/**
 * Makes a subscriber that writes what a client tells into a log: the event as it is, its type as the message.
 *
 * Hand it to `createClient({ onEvent })` and to credentials. Events hold no secret, so nothing needs to be redacted.
 */
export function toLog(logger: Logger): (event: ClientEvent) => void {
  return ({ type, ...fields }) => {
    const failed = 'status' in fields && fields.status >= 400;
    logger[failed ? 'warn' : levels[type]](fields, type);
  };
}

// Run by itself, it logs a call that is repeated once.
if (process.argv[1] === import.meta.filename) {
  const { createClient } = await import('@x/http');
  const { createScaffold } = await import('@x/http/emulator');
  const emulator = createScaffold({
    routes: [{ method: 'GET', path: '/orders', handle: () => Response.json([{ id: 7 }]) }],
  });
  emulator.faults.add({ kind: 'status', status: 503 });
  const client = createClient({
    provider: 'sample',
    baseUrl: 'https://api.example.com',
    fetch: emulator.fetch,
    retry: { baseDelayMs: 0 },
    onEvent: toLog(pino({ level: 'debug', base: null })),
  });
  await client.get('orders').json();
}

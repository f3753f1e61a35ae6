import type { ClientEvent } from '@x/http';
import type { Level, Logger } from 'pino';

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

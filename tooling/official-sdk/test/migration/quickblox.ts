import { createQuickBlox } from '@x/quickblox';

/** One application. Make another for the next one: they share nothing. */
export const quickblox = createQuickBlox({
  applicationId: 76730,
  authKey: process.env['QUICKBLOX_AUTH_KEY'] ?? '',
  authSecret: process.env['QUICKBLOX_AUTH_SECRET'] ?? '',
  apiKey: process.env['QUICKBLOX_API_KEY'] ?? '',
  timeoutMs: 10_000,
});

/** Anna's session: created when it is first needed, and again when it is gone. */
export const session = quickblox.session({
  kind: 'login',
  login: 'anna',
  password: process.env['ANNAS_PASSWORD'] ?? '',
});

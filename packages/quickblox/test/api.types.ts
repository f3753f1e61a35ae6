import { Secret } from '@x/crypto';
import { createQuickBlox, type Login, type QuickBloxErrorCode } from '../src/index.ts';
import { UserPage } from '../src/schema.ts';

// Compiled and never run: what the types let through, and what they do not.

const keys = { applicationId: 1, authKey: 'k', authSecret: new Secret('s') };
const quickblox = createQuickBlox(keys);
createQuickBlox({ applicationId: '1', apiKey: 'key' });
// @ts-expect-error one kind of key is needed
createQuickBlox({ applicationId: 1 });
// @ts-expect-error an authorization key needs its secret
createQuickBlox({ applicationId: 1, authKey: 'k', apiKey: 'key' });
// @ts-expect-error there are two hashes
createQuickBlox({ ...keys, hash: 'md5' });

const session = quickblox.session({ kind: 'login', login: 'anna', password: new Secret('p') });
// @ts-expect-error a user is named in one way
quickblox.session({ kind: 'login', login: 'anna', password: 'p', email: 'anna@example.com' });
// @ts-expect-error a password belongs to a login
quickblox.session({ kind: 'login', login: 'anna' });
// @ts-expect-error only users log in
session.login({ kind: 'application' });

export const total: Promise<number> = session.client
  .get('users.json')
  .json(UserPage)
  .then((page) => page.total);
export const kinds: Record<Login['kind'], true> = {
  application: true,
  login: true,
  email: true,
  facebook: true,
  twitter: true,
  'firebase-phone': true,
  custom: true,
};
export const code: QuickBloxErrorCode = 'quickblox.session-gone';

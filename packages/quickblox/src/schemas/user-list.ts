import * as v from 'valibot';
import type { Envelope } from './envelope.ts';
import { type Page, pageOf } from './page.ts';
import { type User, UserEnvelope } from './user.ts';

/** Reads the body of `GET /users.json`, its users unwrapped. @see QuickBlox fact sheet §7. */
export const UserPage: v.GenericSchema<Page<Envelope<'user', User>>, Page<User>> = pageOf(UserEnvelope);

/** Reads a list of users without page numbers, as the address book answers, its users unwrapped. */
export const UserItems: v.GenericSchema<{ readonly items: Envelope<'user', User>[] }, readonly User[]> = v.pipe(
  v.object({ items: v.array(UserEnvelope) }),
  v.transform(({ items }) => items),
);

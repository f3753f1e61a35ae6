import * as v from 'valibot';
import { type Envelope, envelopeOf } from './envelope.ts';

/** A user of an application, with the names that QuickBlox gives. Members that it adds are kept. */
export interface User {
  readonly id: number;
  readonly login?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly full_name?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly website?: string | null | undefined;
  /** The application's own id of the user. */
  readonly external_user_id?: number | string | null | undefined;
  readonly facebook_id?: number | string | null | undefined;
  readonly twitter_id?: number | string | null | undefined;
  /** A file of this user's, mostly the portrait. */
  readonly blob_id?: number | null | undefined;
  /** Text of the application's own making, often JSON; never an object. */
  readonly custom_data?: string | null | undefined;
  /** Tags, one text with commas; they are written as `tag_list`. */
  readonly user_tags?: string | null | undefined;
  /** `2019-09-01T14:55:56Z`, as all times of a user. */
  readonly created_at?: string | null | undefined;
  readonly updated_at?: string | null | undefined;
  readonly last_request_at?: string | null | undefined;
}

const Text = v.nullish(v.string());
const Id = v.nullish(v.union([v.number(), v.string()]));

/** Reads a user. @see QuickBlox fact sheet §5, "User object". */
export const User: v.GenericSchema<User> = v.looseObject({
  id: v.number(),
  login: Text,
  email: Text,
  full_name: Text,
  phone: Text,
  website: Text,
  external_user_id: Id,
  facebook_id: Id,
  twitter_id: Id,
  blob_id: v.nullish(v.number()),
  custom_data: Text,
  user_tags: Text,
  created_at: Text,
  updated_at: Text,
  last_request_at: Text,
});

/** Reads the body of `POST /login.json`, `POST /users.json` and `GET /users/{id}.json` to the user in it. */
export const UserEnvelope: v.GenericSchema<Envelope<'user', User>, User> = envelopeOf('user', User);

import * as v from 'valibot';

/** A person's profile, as `GET /user` gives it. Members that HubRise adds are kept. */
export interface User {
  readonly id: string;
  readonly first_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
  /** Only with `profile_with_email`. */
  readonly email?: string | null | undefined;
  /** BCP 47 tags. */
  readonly locales?: readonly string[] | null | undefined;
}

/** @see HubRise fact sheet §13.1. */
export const User: v.GenericSchema<User> = v.looseObject({
  id: v.string(),
  first_name: v.nullish(v.string()),
  last_name: v.nullish(v.string()),
  email: v.nullish(v.string()),
  locales: v.nullish(v.array(v.string())),
});

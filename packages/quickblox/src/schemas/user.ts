import * as v from 'valibot';
import { IsoTime } from './iso-time.ts';

/** A user as QuickBlox writes it; what this package does not read is passed over. */
export interface UserWire {
  readonly id: number;
  readonly login?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly full_name?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly external_user_id?: number | string | null | undefined;
  readonly custom_data?: string | null | undefined;
  readonly user_tags?: string | null | undefined;
  readonly created_at?: string | null | undefined;
  readonly updated_at?: string | null | undefined;
  readonly last_request_at?: string | null | undefined;
}

/** A user of an application. Members that the user does not have are undefined. */
export interface User {
  readonly id: number;
  readonly login: string | undefined;
  readonly email: string | undefined;
  readonly fullName: string | undefined;
  readonly phone: string | undefined;
  readonly externalUserId: number | string | undefined;
  /** Text of the application's own making, often JSON. */
  readonly customData: string | undefined;
  readonly tags: readonly string[];
  readonly createdAtMs: number | undefined;
  readonly updatedAtMs: number | undefined;
  readonly lastRequestAtMs: number | undefined;
}

const Text = v.nullish(v.string());
const Time = v.nullish(IsoTime);

/** Reads a user. @see QuickBlox fact sheet §5, "User object". */
export const User: v.GenericSchema<UserWire, User> = v.pipe(
  v.object({
    id: v.number(),
    login: Text,
    email: Text,
    full_name: Text,
    phone: Text,
    external_user_id: v.nullish(v.union([v.number(), v.string()])),
    custom_data: Text,
    user_tags: Text,
    created_at: Time,
    updated_at: Time,
    last_request_at: Time,
  }),
  v.transform((wire) => ({
    id: wire.id,
    login: wire.login ?? undefined,
    email: wire.email ?? undefined,
    fullName: wire.full_name ?? undefined,
    phone: wire.phone ?? undefined,
    externalUserId: wire.external_user_id ?? undefined,
    customData: wire.custom_data ?? undefined,
    tags: (wire.user_tags ?? '').split(',').filter((tag) => tag !== ''),
    createdAtMs: wire.created_at ?? undefined,
    updatedAtMs: wire.updated_at ?? undefined,
    lastRequestAtMs: wire.last_request_at ?? undefined,
  })),
);

/** The body of `POST /login.json` and of `GET /users/{id}.json` as QuickBlox writes it. */
export interface UserEnvelopeWire {
  readonly user: UserWire;
}

/** Reads the body of `POST /login.json`, `POST /users.json` and `GET /users/{id}.json` to the user in it. */
export const UserEnvelope: v.GenericSchema<UserEnvelopeWire, User> = v.pipe(
  v.object({ user: User }),
  v.transform(({ user }) => user),
);

/** The body of `GET /users.json` as QuickBlox writes it. */
export interface UserPageWire {
  readonly current_page: number;
  readonly per_page: number;
  readonly total_entries: number;
  readonly items: UserEnvelopeWire[];
}

/** One page of users. */
export interface UserPage {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
  /** On all pages. */
  readonly total: number;
  readonly users: readonly User[];
}

/** Reads the body of `GET /users.json`. @see QuickBlox fact sheet §7. */
export const UserPage: v.GenericSchema<UserPageWire, UserPage> = v.pipe(
  v.object({
    current_page: v.number(),
    per_page: v.number(),
    total_entries: v.number(),
    items: v.array(UserEnvelope),
  }),
  v.transform((wire) => ({
    page: wire.current_page,
    perPage: wire.per_page,
    total: wire.total_entries,
    users: wire.items,
  })),
);

import * as v from 'valibot';

/** Where an account's servers are. Members that QuickBlox adds are kept. */
export interface AccountSettings {
  /** The REST endpoint, a URL. */
  readonly api_endpoint: string;
  /** A bare host name, as the next one. */
  readonly chat_endpoint?: string | null | undefined;
  readonly turnserver_endpoint?: string | null | undefined;
}

/** Reads the body of `GET /account_settings.json`. @see QuickBlox fact sheet §1. */
export const AccountSettings: v.GenericSchema<AccountSettings> = v.looseObject({
  api_endpoint: v.string(),
  chat_endpoint: v.nullish(v.string()),
  turnserver_endpoint: v.nullish(v.string()),
});

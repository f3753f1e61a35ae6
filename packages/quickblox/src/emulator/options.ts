import type { Clock, RandomSource } from '@x/crypto';
import type { Sleep } from '@x/http/emulator';

/** A token of another provider's that stands for a user. */
export interface EmulatedIdentity {
  /** `facebook`, `twitter`, `firebase_phone`, or another one. */
  readonly provider: string;
  /** What `firebase_phone[access_token]` must carry, for every other provider `keys[token]`. */
  readonly token: string;
}

/** A user of an emulated application. */
export interface EmulatedUser {
  /** QuickBlox's id, a positive integer. */
  readonly id: number;
  readonly login?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly fullName?: string | undefined;
  readonly phone?: string | undefined;
  readonly website?: string | undefined;
  /** The application's own id of the user. */
  readonly externalUserId?: number | undefined;
  readonly facebookId?: string | undefined;
  readonly twitterId?: string | undefined;
  readonly blobId?: number | undefined;
  readonly customData?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Other providers' tokens that log this user in. */
  readonly identities?: readonly EmulatedIdentity[] | undefined;
}

/** What an emulated identity provider makes of `user[login]` or `user[email]` and `user[password]`. */
export type EmulatedIdentityProvider = (given: {
  readonly login: string | undefined;
  readonly email: string | undefined;
  readonly password: string;
}) => { readonly userId: number } | { readonly status: number; readonly body: string };

/** One application of the emulator's. */
export interface EmulatedApplication {
  /** The Application ID, a positive integer. */
  readonly id: number;
  readonly authKey: string;
  readonly authSecret: string;
  /** Default `sha1`. */
  readonly hash?: 'sha1' | 'sha256' | undefined;
  /** Default none. */
  readonly apiKeys?: readonly string[] | undefined;
  /** For `GET /account_settings.json`. */
  readonly accountKey?: string | undefined;
  /** Default none. */
  readonly users?: readonly EmulatedUser[] | undefined;
  /**
   * Takes the place of the application's own passwords, as on the Enterprise plan. What it refuses is passed on
   * unchanged (QuickBlox fact sheet §4.5, documented).
   */
  readonly identityProvider?: EmulatedIdentityProvider | undefined;
}

/** How the emulated server behaves; all of it can be changed while it runs. */
export interface EmulatorSettings {
  /** Seconds from the last request to the end of a session; default 7200 (§3.3, documented). */
  readonly lifetimeSeconds: number;
  /**
   * A session's end moves at most this often; default 0, with every request (§3.3, a coarse slide was seen). Infinity:
   * it stays where it was at the beginning.
   */
  readonly slideEverySeconds: number;
  /** Form of `QB-Token-ExpirationDate`: `… UTC` (default) or `… +0000` (§3.3, both seen), or no header at all. */
  readonly expiryFormat: 'utc' | 'offset' | 'absent';
  /** Default `hex`: 40 digits that end in the application's id; `jwt`: three parts as seen in 2022 (§3.4). */
  readonly tokenFormat: 'hex' | 'jwt';
  /** Where the text of a session that is gone stands: `errors.base` (default) or `errors` itself (§6.3, both seen). */
  readonly goneShape: 'object' | 'array';
  /** Status of a successful `POST /login.json`; default 202 (§5: 202 and 200 are documented). */
  readonly loginStatus: number;
  /** Calls in one second above which 429 is answered; default no limit (§7, documented; the body is assumed). */
  readonly callsPerSecond: number;
  /** Largest page of any list; default 100 (documented for files by today's reference, assumed for the rest). */
  readonly maxPageSize: number;
  /** What a deletion by ids answers: nothing (default, §10) or what became of each id (today's reference). */
  readonly deletionAnswer: 'empty' | 'ids';
  /** Whether the dashboard has enabled the AI extensions; default `enabled`. */
  readonly aiExtensions: 'enabled' | 'disabled';
  /** What `GET /account_settings.json` names as `api_endpoint`; default the origin that was asked. */
  readonly apiEndpoint: string | undefined;
  /**
   * Where leave to write a file's content leads, an origin; the emulator answers there too. Default the origin that
   * was asked where that is on loopback, else `https://storage.invalid`, which is on no network.
   */
  readonly storageOrigin: string | undefined;
  /** How far the server's clock is ahead of the given one, or behind where it is below 0, in milliseconds; default 0. */
  readonly skewMs: number;
  /** Sessions, or tokens of a user, asked for one subject within a minute, above which the journal warns of a storm; default 10. */
  readonly stormLimit: number;
}

/** Options of `createEmulator`. */
export interface CreateEmulatorOptions extends Partial<EmulatorSettings> {
  /** At least one. */
  readonly applications: readonly EmulatedApplication[];
  /** The time that `skewMs` is added to; default the platform's. */
  readonly clock?: Clock | undefined;
  /** Makes tokens; default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
  /** How latency waits, as for `createScaffold` of @x/http/emulator; default by the platform's timer. */
  readonly sleep?: Sleep | undefined;
}

/** What documentation and logs show most. */
export const defaultSettings: EmulatorSettings = {
  lifetimeSeconds: 7200,
  slideEverySeconds: 0,
  expiryFormat: 'utc',
  tokenFormat: 'hex',
  goneShape: 'object',
  loginStatus: 202,
  callsPerSecond: Number.POSITIVE_INFINITY,
  maxPageSize: 100,
  deletionAnswer: 'empty',
  aiExtensions: 'enabled',
  apiEndpoint: undefined,
  storageOrigin: undefined,
  skewMs: 0,
  stormLimit: 10,
};

import { type Clock, type RandomSource, type Secret, toSecret } from '@x/crypto/light';
import type { ClientEvent, CreateClientOptions, RetryPolicy } from '@x/http';
import { checkOptions, isVisibleSecretText, readBaseUrl } from '@x/http/options';
import * as v from 'valibot';

/** Options of `createHubRise`. */
export interface CreateHubRiseOptions {
  /** Public id of the client, for example `100000000001.clients.hubrise.com`. */
  readonly clientId: string;
  /** In an installed application it ships with the program and is then no secret. */
  readonly clientSecret: string | Secret;
  /** Default `https://manager.hubrise.com/oauth2/v1`; http: on loopback only. */
  readonly oauthUrl?: string | URL | undefined;
  /** Default `https://api.hubrise.com/v1`; http: on loopback only. */
  readonly apiUrl?: string | URL | undefined;
  /** Default the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** When API requests are repeated; codes and revocations never are. */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Milliseconds for one attempt, 1 to 600,000; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Told every request and answer, without secrets. */
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
}

/** Options after the one check at construction. */
export interface HubRiseOptions {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly oauthUrl: URL;
  readonly apiUrl: URL;
  /** Of API requests alone. */
  readonly retry: Partial<RetryPolicy> | undefined;
  /** What both of HubRise's servers are called with. */
  readonly platform: Pick<CreateClientOptions, 'fetch' | 'timeoutMs' | 'onEvent' | 'clock' | 'random'>;
}

const defaultOauthUrl = 'https://manager.hubrise.com/oauth2/v1';
const defaultApiUrl = 'https://api.hubrise.com/v1';

const CallableOption = v.optional(v.function('must be a function'));

/** The messages name what is expected and never what was given, which may be a secret. */
const OptionsShape = v.strictObject({
  // RFC 7617 §2: a colon would end the user-id of Basic authentication
  clientId: v.pipe(
    v.string('must be text'),
    v.regex(/^[\x21-\x39\x3b-\x7e]+$/, 'must be visible ASCII without a colon'),
  ),
  clientSecret: v.custom<string | Secret>(
    isVisibleSecretText,
    'must be visible ASCII text or a Secret of it, and not be empty',
  ),
  // these are checked by what they are for
  oauthUrl: v.optional(v.any()),
  apiUrl: v.optional(v.any()),
  retry: v.optional(v.any()),
  timeoutMs: v.optional(v.any()),
  fetch: CallableOption,
  onEvent: CallableOption,
  clock: CallableOption,
  random: CallableOption,
});

/**
 * Checks and completes the options.
 *
 * @throws {TypeError} Naming the option that is missing, unknown or wrong.
 */
export function readOptions(options: CreateHubRiseOptions): HubRiseOptions {
  checkOptions(OptionsShape, options);
  const { fetch, retry, timeoutMs, onEvent, clock, random } = options;
  return Object.freeze({
    clientId: options.clientId,
    clientSecret: toSecret(options.clientSecret),
    oauthUrl: readBaseUrl('oauthUrl', options.oauthUrl ?? defaultOauthUrl),
    apiUrl: readBaseUrl('apiUrl', options.apiUrl ?? defaultApiUrl),
    retry,
    platform: { fetch, timeoutMs, onEvent, clock, random },
  });
}

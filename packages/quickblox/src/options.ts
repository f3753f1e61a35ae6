import { type Clock, type RandomSource, type Secret, systemClock, systemRandom, toSecret } from '@x/crypto';
import type { CreateClientOptions, RateLimiter, RetryPolicy } from '@x/http';
import {
  checkOptions,
  isSecretText,
  isStore,
  isTrimmedSecret,
  isVisibleSecretText,
  readBaseUrl,
} from '@x/http/options';
import type { Store } from '@x/http/store';
import * as v from 'valibot';
import type { QuickBloxEvent } from './events.ts';
import { assertNoDocument } from './no-document.ts';
import type { BodyEncoding } from './signature/body.ts';
import type { SignatureHash } from './signature/sign.ts';
import type { UserTokenPaths } from './user-token.ts';

/** What signs session requests, and optionally the API key beside it. */
export interface SessionKeys {
  /** The application's Authorization Key. */
  readonly authKey: string;
  /** The application's Authorization Secret. It signs and is never sent. */
  readonly authSecret: string | Secret;
  /** For `server()` and `createUserToken()`. Refused where there is a `window` or a `document`. */
  readonly apiKey?: string | Secret | undefined;
}

/** An API key alone, for back ends that create no sessions. */
export interface ApiKeyOnly {
  readonly authKey?: undefined;
  readonly authSecret?: undefined;
  /** For `server()` and `createUserToken()`. Refused where there is a `window` or a `document`. */
  readonly apiKey: string | Secret;
}

/** Options of `createQuickBlox` that are the same with either kind of key. */
export interface ApplicationOptions {
  /** The Application ID, as a number or in digits. */
  readonly applicationId: number | string;
  /** The REST endpoint; default `https://api.quickblox.com`, other plans have their own. http: on loopback only. */
  readonly baseUrl?: string | URL | undefined;
  /**
   * The account's key. QuickBlox is asked for the account's REST endpoint with it, at first use and hourly, and
   * requests go there. With a `baseUrl` nothing is asked.
   */
  readonly accountKey?: string | Secret | undefined;
  /** Holds requests back, see `createPlanLimiter`; default nothing does, because the plan is not known. */
  readonly rateLimiter?: RateLimiter | undefined;
  /** Default `sha1`; `sha256` only after QuickBlox has switched the application. */
  readonly hash?: SignatureHash | undefined;
  /** How session requests are written, default `form`; QuickBlox takes both. */
  readonly bodyEncoding?: BodyEncoding | undefined;
  /** Shares sessions between processes, tokens in clear. Default: each session stays in its object. */
  readonly store?: Store | undefined;
  /**
   * Allows calls whose paths QuickBlox does not tell: `deleteUserToken()` and `flushUserTokens()`. `{}` takes the
   * guessed paths; whether they work has to be tried with your own application.
   */
  readonly unconfirmed?: UserTokenPaths | undefined;
  /** How long before its end a session is replaced, 0 to 3,600,000 ms; default 60,000. */
  readonly marginMs?: number | undefined;
  /** Default the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * When requests are repeated; a POST never is, but for the one replay after a session was gone: its methods must not
   * hold `post`, because a session request is signed for one use and a repeated message would be sent twice.
   */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Milliseconds for one attempt, 1 to 600,000; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Keeps the platform from ending what goes on beside a request when that ends: renewals and steps of sessions, what the store
   * is told, and the question for the account's endpoint. Needed where requests end so: on Cloudflare Workers, `waitUntil`
   * of `cloudflare:workers`. Default none: what is cut short there is begun anew by the request that needs it next.
   */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** Told every request, answer and change of session, without secrets. */
  readonly onEvent?: ((event: QuickBloxEvent) => void) | undefined;
  /** Milliseconds since 1970; default the platform's. */
  readonly clock?: Clock | undefined;
  /** Makes nonces and jitter; default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
}

/** Options of `createQuickBlox`. */
export type CreateQuickBloxOptions = ApplicationOptions & (SessionKeys | ApiKeyOnly);

/** Options after the one check at construction. */
export interface QuickBloxOptions {
  readonly applicationId: string;
  readonly keys: { readonly authKey: string; readonly authSecret: Secret } | undefined;
  readonly apiKey: Secret | undefined;
  readonly baseUrl: URL;
  readonly accountKey: Secret | undefined;
  /** Whether the account's endpoint takes the place of `baseUrl`. */
  readonly endpoint: 'fixed' | 'discovered';
  readonly rateLimiter: RateLimiter | undefined;
  readonly hash: SignatureHash;
  readonly bodyEncoding: BodyEncoding;
  readonly store: Store | undefined;
  readonly unconfirmed: Required<UserTokenPaths> | undefined;
  readonly marginMs: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly waitUntil: ApplicationOptions['waitUntil'];
  readonly onEvent: ApplicationOptions['onEvent'];
  /** What every client is made with. */
  readonly platform: Pick<
    CreateClientOptions,
    'fetch' | 'retry' | 'timeoutMs' | 'onEvent' | 'clock' | 'random' | 'serverTime'
  >;
}

const CallableOption = v.optional(v.function('must be a function'));
const SecretOption = v.optional(
  v.custom<string | Secret>(isVisibleSecretText, 'must be visible ASCII text or a Secret of it, and not be empty'),
);

const PathOption = v.pipe(
  v.string('must be text'),
  v.regex(/^[\w{][\w{}/.-]*$/, 'must be a path below baseUrl, without a slash in front or a query'),
  v.regex(/\{userId\}/, 'must hold {userId}'),
);
const TokenPathOption = v.pipe(
  PathOption,
  v.regex(/\{token\}/, 'must hold {token}: all tokens could be ended without'),
);

/** Checked where it is read. */
const AnyOption = v.optional(v.unknown());

/** The messages name what is expected and never what was given, which may be a secret. */
const OptionsShape = v.strictObject({
  applicationId: v.custom<number | string>(isApplicationId, 'must be a positive whole number, or one in digits'),
  authKey: v.optional(v.pipe(v.string('must be text'), v.regex(/^[\x21-\x7e]+$/, 'must be visible ASCII text'))),
  authSecret: v.optional(
    v.pipe(
      v.custom<string | Secret>(isSecretText, 'must be text that is not empty, or a Secret'),
      v.check(isTrimmedSecret, 'must not begin or end with white space'),
    ),
  ),
  apiKey: SecretOption,
  accountKey: SecretOption,
  baseUrl: AnyOption,
  marginMs: AnyOption,
  timeoutMs: AnyOption,
  retry: AnyOption,
  rateLimiter: v.optional(v.custom<RateLimiter>(isRateLimiter, 'must have acquire and penalize')),
  hash: v.optional(v.picklist(['sha1', 'sha256'], "must be 'sha1' or 'sha256'")),
  bodyEncoding: v.optional(v.picklist(['form', 'json'], "must be 'form' or 'json'")),
  store: v.optional(v.custom<Store>(isStore, 'must have get, set, delete and compareAndSet')),
  unconfirmed: v.optional(
    v.strictObject(
      { deleteUserToken: v.optional(TokenPathOption), flushUserTokens: v.optional(PathOption) },
      'must be an object of paths',
    ),
  ),
  fetch: CallableOption,
  waitUntil: CallableOption,
  onEvent: CallableOption,
  clock: CallableOption,
  random: CallableOption,
});

/**
 * Checks and completes the options.
 *
 * @throws {TypeError} Naming the option.
 * @throws {RangeError} When `marginMs` is out of range.
 */
export function readOptions(options: CreateQuickBloxOptions): QuickBloxOptions {
  checkOptions(OptionsShape, options);
  const {
    applicationId,
    apiKey,
    accountKey,
    baseUrl,
    rateLimiter,
    hash = 'sha1',
    bodyEncoding = 'form',
    store,
    marginMs = 60_000,
  } = options;
  const { fetch, retry, timeoutMs, waitUntil, onEvent } = options;
  const { clock = systemClock, random = systemRandom } = options;
  if (!(marginMs >= 0 && marginMs <= 3_600_000)) {
    throw new RangeError(`marginMs must be from 0 to 3600000, got ${marginMs}`);
  }
  if (retry?.methods?.some((method) => method.toLowerCase() === 'post') === true) {
    throw new RangeError('retry.methods must not hold post, which is never repeated');
  }
  if (apiKey !== undefined) assertNoDocument();
  return Object.freeze({
    applicationId: String(applicationId),
    keys: readKeys(options),
    apiKey: apiKey === undefined ? undefined : toSecret(apiKey),
    baseUrl: withSlash(readBaseUrl('baseUrl', baseUrl ?? 'https://api.quickblox.com')),
    accountKey: accountKey === undefined ? undefined : toSecret(accountKey),
    endpoint: accountKey === undefined || baseUrl !== undefined ? 'fixed' : 'discovered',
    rateLimiter,
    hash,
    bodyEncoding,
    store,
    unconfirmed: readPaths(options.unconfirmed),
    marginMs,
    clock,
    random,
    waitUntil,
    onEvent,
    platform: { fetch, retry, timeoutMs, onEvent, clock, random },
  });
}

function readKeys({ authKey, authSecret, apiKey }: CreateQuickBloxOptions): QuickBloxOptions['keys'] {
  if (authKey !== undefined && authSecret !== undefined) return { authKey, authSecret: toSecret(authSecret) };
  if (authKey !== undefined) throw new TypeError('authSecret must be given together with authKey');
  if (authSecret !== undefined) throw new TypeError('authKey must be given together with authSecret');
  if (apiKey === undefined) throw new TypeError('authKey and authSecret, or apiKey, must be given');
  return undefined;
}

function readPaths(paths: UserTokenPaths | undefined): QuickBloxOptions['unconfirmed'] {
  if (paths === undefined) return undefined;
  const { deleteUserToken = 'users/{userId}/tokens/{token}', flushUserTokens = 'users/{userId}/tokens' } = paths;
  return { deleteUserToken, flushUserTokens };
}

/** So that relative inputs lead below the path and do not replace its end. */
function withSlash(url: URL): URL {
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function isRateLimiter(value: unknown): boolean {
  const { acquire, penalize } = (value ?? {}) as Partial<RateLimiter>;
  return typeof acquire === 'function' && typeof penalize === 'function';
}

function isApplicationId(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0;
  return typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value);
}

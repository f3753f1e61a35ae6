import { checkOptions, isStore } from '@x/http/options';
import { memoryStore, type Store } from '@x/http/store';
import * as v from 'valibot';
import type { QuickBlox } from './quickblox.ts';

/** Why no token was handed out; it is also the code of the answer. */
export type TokenRefusalReason =
  | 'method-not-allowed'
  /** A page of another origin asked, which is not listed in `origins`. */
  | 'origin-refused'
  /** `authenticate` gave no user. */
  | 'not-authenticated'
  /** `authenticate` threw, or gave what is no id of a user. */
  | 'authenticate-failed'
  /** QuickBlox refused: the user is unknown there, or the API key is not valid. */
  | 'mint-refused'
  /** QuickBlox could not be asked, or was too busy. */
  | 'mint-failed'
  | 'deadline'
  /** Whoever asked has gone. */
  | 'aborted';

/** A request that was given no token. */
export interface TokenRefusal {
  readonly reason: TokenRefusalReason;
  readonly request: Request;
  /** What failed, for reasons that have an error behind them: an `XError`, or what your own code threw. */
  readonly error?: unknown;
}

/** What a token handler tells its subscriber. It holds no token. */
export type TokenEvent =
  | {
      readonly type: 'token-handed-out';
      readonly provider: 'quickblox';
      readonly userId: number;
      readonly source: 'cached' | 'minted';
    }
  | {
      readonly type: 'token-refused';
      readonly provider: 'quickblox';
      readonly reason: TokenRefusalReason;
      /** The code of the error behind it, where that is one of ours. */
      readonly code?: string;
    }
  | { readonly type: 'token-store-failed'; readonly provider: 'quickblox' };

/** Options of {@link createTokenHandler}. */
export interface CreateTokenHandlerOptions {
  /** Made by `createQuickBlox`, with an API key. */
  readonly quickblox: Pick<QuickBlox, 'applicationId' | 'baseUrl' | 'hasApiKey' | 'nowMs' | 'createUserToken'>;
  /**
   * Says who is asking, by whatever your application goes by: its cookie, its own token. The signal ends it with the
   * deadline.
   *
   * @returns QuickBlox's id of the user, or undefined when nobody is signed in. The id must come from your own records,
   *   never from the request: whoever chooses it becomes that user.
   */
  readonly authenticate: (
    request: Request,
    context: { readonly signal: AbortSignal },
  ) => number | undefined | Promise<number | undefined>;
  /**
   * Origins of the pages that may ask, such as `https://app.example`; those of other hosts than this one's may then
   * read the answer (CORS). Default: pages of the host that the request was sent to. Callers that are no pages send no
   * origin and need none.
   */
  readonly origins?: readonly string[] | undefined;
  /** Shares tokens between processes, in clear: seal it. Default in memory. */
  readonly store?: Store | undefined;
  /** A token that ends sooner is not handed out again, 0 to 3,600,000 ms; default 300,000. */
  readonly marginMs?: number | undefined;
  /** Milliseconds for `authenticate` and QuickBlox together, 1 to 120,000; default 15,000. */
  readonly deadlineMs?: number | undefined;
  /**
   * Keeps the platform from ending a mint with the request that began it, so that whoever asks next gets its token. Needed
   * where work ends with the response, as on Cloudflare Workers: `waitUntil` of `cloudflare:workers`. Default none: who asks
   * next mints another.
   */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** Told every refusal with what is behind it. */
  readonly onRefused?: ((refusal: TokenRefusal) => void) | undefined;
  /** Told every token that is handed out and every refusal, by its reason alone. */
  readonly onEvent?: ((event: TokenEvent) => void) | undefined;
}

/** Options after the one check at construction. */
export interface TokenHandlerSettings {
  readonly store: Store;
  readonly marginMs: number;
  readonly deadlineMs: number;
}

const fromQuickBlox = 'must come from createQuickBlox';
const within = (low: number, high: number): v.GenericSchema<number> => {
  const message = `must be from ${low} to ${high} milliseconds`;
  return v.pipe(v.number(message), v.minValue(low, message), v.maxValue(high, message));
};

const Settings = v.strictObject({
  quickblox: v.pipe(
    v.looseObject({ createUserToken: v.function(fromQuickBlox), nowMs: v.function(fromQuickBlox) }, fromQuickBlox),
    v.check(({ hasApiKey }) => hasApiKey === true, 'must be made with an apiKey'),
  ),
  authenticate: v.function('must be a function'),
  origins: v.optional(
    v.array(v.custom<string>(isOrigin, 'must be an origin, as https://app.example'), 'must be a list'),
  ),
  store: v.optional(v.custom<Store>(isStore, 'must have get, set, delete and compareAndSet')),
  marginMs: v.optional(within(0, 3_600_000), 300_000),
  deadlineMs: v.optional(within(1, 120_000), 15_000),
  waitUntil: v.optional(v.function('must be a function')),
  onRefused: v.optional(v.function('must be a function')),
  onEvent: v.optional(v.function('must be a function')),
});

/** Checks the options. @throws {TypeError | RangeError} Naming the option. */
export function readTokenHandlerOptions(options: CreateTokenHandlerOptions): TokenHandlerSettings {
  const { marginMs, deadlineMs } = checkOptions(Settings, options);
  const { quickblox, store = memoryStore({ clock: () => quickblox.nowMs() }) } = options;
  return { store, marginMs, deadlineMs };
}

/** As browsers write it; anything else would never equal what they send. */
function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value && value !== 'null';
}

import type { RandomSource } from '@x/crypto';
import type { ClientEvent, RetryPolicy } from '@x/http';
import { checkOptions, readBaseUrl } from '@x/http/options';
import * as v from 'valibot';
import type { VerifyInstallOptions } from './install/install-policy.ts';
import type { SecretOption } from './secrets.ts';
import { userAgent as defaultUserAgent } from './user-agent.ts';

/** Options of {@link createNexudus}. */
export interface CreateNexudusOptions extends VerifyInstallOptions {
  /**
   * The application's secret, 16 characters or more; during a rotation several, newest first, of which the older ones
   * may be shorter. Must be random: one link is enough to try secrets offline.
   */
  readonly secret: SecretOption;
  /** Base of the REST API; default `https://spaces.nexudus.com/api`. `http:` only for loopback hosts. */
  readonly apiUrl?: string | URL | undefined;
  /** Value of `User-Agent`, which must not be empty; default `@x/nexudus/<version>`. */
  readonly userAgent?: string | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** When to repeat; `statusCodes` defaults to those of `@x/http` and 409, with which Nexudus throttles. */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Milliseconds for one attempt, 1 to 600,000; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Default: the platform's. */
  readonly random?: RandomSource | undefined;
  /** Told every request, answer and repetition, and when an installation's credentials stop being accepted. */
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
}

/** Where the API is and how requests introduce themselves. */
export interface ApiSettings {
  readonly apiUrl: string;
  readonly userAgent: string;
}

const defaultApiUrl = 'https://spaces.nexudus.com/api';

const callable = v.optional(v.function('must be a function'));
const elsewhere = v.optional(v.any()); // checked by what it is for

const apiSchema = v.strictObject({
  applicationKey: elsewhere,
  secret: elsewhere,
  maxAgeMs: elsewhere,
  maxAheadMs: elsewhere,
  serverOffsetMs: elsewhere,
  tokenShape: elsewhere,
  clock: elsewhere,
  apiUrl: elsewhere,
  timeoutMs: elsewhere,
  retry: v.optional(
    v.strictObject(
      {
        limit: elsewhere,
        methods: v.optional(v.array(v.string('must be text'), 'must be a list')),
        statusCodes: v.optional(v.array(v.number('must be a number'), 'must be a list')),
        baseDelayMs: elsewhere,
        maxDelayMs: elsewhere,
        maxRetryAfterMs: elsewhere,
        budgetRatio: elsewhere,
        budgetReserve: elsewhere,
      },
      'must be an object',
    ),
  ),
  fetch: callable,
  random: callable,
  onEvent: callable,
  userAgent: v.optional(
    v.pipe(v.string('must be text'), v.regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'must be printable ASCII')),
    defaultUserAgent,
  ),
});

/** Checks what {@link createNexudus} adds to install verification. @throws {TypeError} Naming the option, also one that is unknown. */
export function resolveApiSettings(options: CreateNexudusOptions): ApiSettings {
  const { userAgent } = checkOptions(apiSchema, options);
  const { apiUrl = defaultApiUrl } = options;
  return { userAgent, apiUrl: readBaseUrl('apiUrl', apiUrl).href };
}

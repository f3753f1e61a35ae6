import { type Clock, type RandomSource, Secret, systemClock, toSecret } from '@x/crypto';
import type { ClientEvent, RetryPolicy } from '@x/http';
import { checkOptions, readBaseUrl } from '@x/http/options';
import * as v from 'valibot';
import { userAgent as defaultUserAgent } from './user-agent.ts';

/** One secret, or several during a rotation, newest first. */
export type SecretOption = string | Secret | readonly (string | Secret)[];

/** Which values pass as the installation token `t`. */
export type TokenShape = 'guid' | 'printable';

/** What tells a genuine install callback from others. */
export interface VerifyInstallOptions {
  /** The application key: 1 to 256 printable ASCII characters, neither `:` nor `|`. Compared exactly, case included. */
  readonly applicationKey: string;
  /** The application's secret; during a rotation several, newest first. Must be long and random. */
  readonly secret: SecretOption;
  /** Milliseconds that `d` may lie in the past, 0 to 315,576,000,000 (ten years); default 86,400,000 (a day). */
  readonly maxAgeMs?: number | undefined;
  /** Milliseconds that `d` may lie in the future, same range; default 86,400,000 (a day). */
  readonly maxAheadMs?: number | undefined;
  /** Milliseconds by which the clock behind `d` is ahead of UTC, -50,400,000 to 50,400,000 (14 hours); default 0. */
  readonly serverOffsetMs?: number | undefined;
  /**
   * `guid` (default): 32 hex digits in any case, dashes of a GUID allowed. `printable`: 1 to 256 printable ASCII
   * characters without `|`. In both, nothing that could also be a `d` passes.
   */
  readonly tokenShape?: TokenShape | undefined;
  /** Default: the platform's. */
  readonly clock?: Clock | undefined;
}

/** Options of {@link createNexudus}. */
export interface CreateNexudusOptions extends VerifyInstallOptions {
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

/** {@link VerifyInstallOptions}, checked and complete. */
export interface InstallPolicy {
  readonly applicationKey: string;
  readonly secrets: readonly Secret[];
  readonly maxAgeMs: number;
  readonly maxAheadMs: number;
  readonly serverOffsetMs: number;
  readonly tokenShape: TokenShape;
  readonly clock: Clock;
}

/** Where the API is and how requests introduce themselves. */
export interface ApiSettings {
  readonly apiUrl: string;
  readonly userAgent: string;
}

const defaultApiUrl = 'https://spaces.nexudus.com/api';
const dayMs = 86_400_000;
const tenYearsMs = 315_576_000_000;
const widestZoneMs = 50_400_000;

function milliseconds(fallback: number, min: number, max: number): v.GenericSchema<unknown, number> {
  const message = `must be a whole number of milliseconds from ${min} to ${max}`;
  return v.optional(
    v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message)),
    fallback,
  );
}

const policySchema = v.object({
  applicationKey: v.pipe(
    v.string('must be text'),
    v.regex(/^[\x21-\x39\x3b-\x7b\x7d\x7e]{1,256}$/, 'must be 1 to 256 printable ASCII characters without : and |'),
  ),
  maxAgeMs: milliseconds(dayMs, 0, tenYearsMs),
  maxAheadMs: milliseconds(dayMs, 0, tenYearsMs),
  serverOffsetMs: milliseconds(0, -widestZoneMs, widestZoneMs),
  tokenShape: v.optional(v.picklist(['guid', 'printable'], "must be 'guid' or 'printable'"), 'guid'),
  clock: v.optional(
    v.custom<Clock>((value) => typeof value === 'function', 'must be a function'),
    () => systemClock,
  ),
});

const apiSchema = v.object({
  userAgent: v.optional(
    v.pipe(v.string('must be text'), v.regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'must be printable ASCII')),
    defaultUserAgent,
  ),
});

/**
 * Checks the options of install verification.
 *
 * @throws {TypeError} Naming an option that is missing or of the wrong kind; the value is never shown.
 * @throws {RangeError} Naming a duration that is out of range.
 */
export function resolveInstallPolicy(options: VerifyInstallOptions): InstallPolicy {
  const secrets = resolveSecrets('secret', options.secret);
  return Object.freeze({ ...checkOptions(policySchema, options), secrets });
}

/** Checks what {@link createNexudus} adds to install verification. @throws {TypeError} Naming the option. */
export function resolveApiSettings(options: CreateNexudusOptions): ApiSettings {
  const { apiUrl = defaultApiUrl } = options;
  return { ...checkOptions(apiSchema, options), apiUrl: readBaseUrl('apiUrl', apiUrl).href };
}

/**
 * Wraps one secret or a list of them.
 *
 * @throws {TypeError} Naming the option when there is none, or one is empty or not text.
 * @throws {RangeError} When one holds a lone surrogate.
 */
export function resolveSecrets(option: string, value: SecretOption): readonly Secret[] {
  const list: readonly (string | Secret)[] =
    typeof value === 'string' || value instanceof Secret ? [value] : asList(value);
  if (list.length === 0) throw new TypeError(`${option} must hold at least one secret`);
  return Object.freeze(
    list.map((secret) => {
      try {
        return toSecret(secret);
      } catch (error) {
        const Failure = error instanceof RangeError ? RangeError : TypeError;
        throw new Failure(`${option} must be text that is not empty and well-formed, or a Secret, or a list of them`);
      }
    }),
  );
}

/** A secret made by another installed copy of `@x/crypto` is no list: it is left to `toSecret`. */
function asList(value: SecretOption): readonly (string | Secret)[] {
  return Array.isArray(value) ? value : [value as Secret];
}

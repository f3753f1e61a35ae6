import { type Clock, type Secret, systemClock } from '@x/crypto';
import { checkOptions } from '@x/http/options';
import * as v from 'valibot';
import type { DeniedStatus } from './answer.ts';
import type { BindingRules } from './binding.ts';
import type { CallerEntry } from './caller.ts';
import type { Decision } from './decision.ts';
import { callable, secret, text, wholeNumber } from './option-shapes.ts';
import type { TokenRules } from './token-form.ts';
import type { Verifier } from './verifiers/verifier.ts';

/** One app of the HypeLabs dashboard. */
export interface AuthorizationApp {
  /** What decisions and verifiers call it. HypeLabs' requests do not carry the app identifier. */
  readonly name: string;
  /** `api_user` of the app's settings; it selects the app, so it must differ between apps. */
  readonly apiUser: string;
  /** `api_secret` of the app's settings, at least 16 characters. Either this or `apiSecrets`. */
  readonly apiSecret?: string | Secret | undefined;
  /** During a rotation all that are accepted, newest first, each at least 16 characters. */
  readonly apiSecrets?: readonly (string | Secret)[] | undefined;
  /** Judges the tokens of this app's devices. */
  readonly verifier: Verifier;
}

/** Options of `createAuthorizationHandler`. */
export interface CreateAuthorizationHandlerOptions {
  /** At least one. */
  readonly apps: readonly AuthorizationApp[];
  /** Compared without regard to case; default `['bearer']`. `DPoP` cannot be allowed, see HypeLabs fact sheet §6.4. */
  readonly allowedTokenTypes?: readonly string[] | undefined;
  /** Status of every denial, default 401. */
  readonly deniedStatus?: DeniedStatus | undefined;
  /** Denies a request without `user_identifier`; default false. Proves nothing: see `requireBoundUserIdentifier`. */
  readonly requireUserIdentifier?: boolean | undefined;
  /**
   * Denies a token to which the verifier names no `userIdentifier`; default false. Without it such a token is good for
   * whatever user its bearer claims to be.
   */
  readonly requireBoundUserIdentifier?: boolean | undefined;
  /** Takes form-encoded bodies besides JSON; default false. */
  readonly acceptForm?: boolean | undefined;
  /** Takes `Bearer x` in `access_token` when `token_type` is absent; default false. */
  readonly acceptCombinedToken?: boolean | undefined;
  /** Scopes that a token's `scope` claim must all hold; default none. A dedicated one is recommended. */
  readonly requiredScopes?: readonly string[] | undefined;
  /** Name in the challenge of a 401: printable ASCII without `"` and `\`; default `hypelabs`. */
  readonly realm?: string | undefined;
  /** Milliseconds from request to answer, 1 to 600,000; default 5,000. */
  readonly deadlineMs?: number | undefined;
  /** Milliseconds that a verifier may take, at most `deadlineMs`; default 4,000 or `deadlineMs` if that is less. */
  readonly verifierDeadlineMs?: number | undefined;
  /**
   * Decides by where a request comes from, which HypeLabs does not document; default all are allowed. A `Request` holds
   * no address: rely only on a header field that your server or proxy overwrites. Must leave the body alone. A refusal
   * looks like any denial.
   */
  readonly isSourceAllowed?: ((request: Request) => boolean | Promise<boolean>) | undefined;
  /** Told every decision after it was made; what it throws or returns changes nothing. */
  readonly onEvent?: ((decision: Decision) => void) | undefined;
  /** Measures `durationMs`; default the platform's. Deadlines always run on the platform's timers. */
  readonly clock?: Clock | undefined;
}

/** An app after the check. */
export interface AppEntry extends CallerEntry {
  readonly name: string;
  readonly verifier: Verifier;
}

/** Options after the one check at construction. */
export interface HandlerSettings extends TokenRules, BindingRules {
  readonly apps: readonly AppEntry[];
  readonly deniedStatus: DeniedStatus;
  readonly acceptForm: boolean;
  readonly realm: string;
  readonly deadlineMs: number;
  readonly verifierDeadlineMs: number;
  readonly isSourceAllowed: (request: Request) => boolean | Promise<boolean>;
  readonly onEvent: ((decision: Decision) => void) | undefined;
  readonly clock: Clock;
}

const minSecretLength = 16;
const longestDeadlineMs = 600_000;
const defaultDeadlineMs = 5000;
const defaultVerifierDeadlineMs = 4000;

const Flag = v.optional(v.boolean('must be true or false'), false);
const appSecret = secret(minSecretLength);

const AppShape = v.pipe(
  v.strictObject(
    {
      name: text(),
      apiUser: text(),
      apiSecret: v.optional(appSecret),
      apiSecrets: v.optional(v.pipe(v.array(appSecret, 'must be a list'), v.nonEmpty('must not be empty'))),
      verifier: callable<Verifier>(),
    },
    'must be an object',
  ),
  v.check(
    ({ apiSecret, apiSecrets }) => (apiSecret === undefined) !== (apiSecrets === undefined),
    'must have either apiSecret or apiSecrets',
  ),
  v.transform(({ name, apiUser, apiSecret, apiSecrets = [], verifier }): AppEntry => {
    return { name, apiUser, apiSecrets: apiSecret === undefined ? apiSecrets : [apiSecret], verifier };
  }),
);

const TokenTypes = v.pipe(
  v.array(
    v.pipe(
      v.string('must be text'),
      v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be the name of a token type'),
      v.toLowerCase(),
      v.check((type) => type !== 'dpop', 'must not be DPoP: proof of possession does not reach this handler'),
    ),
    'must be a list',
  ),
  v.nonEmpty('must not be empty'),
);

const OptionsShape = v.strictObject(
  {
    apps: v.pipe(
      v.array(AppShape, 'must be a list'),
      v.nonEmpty('must not be empty'),
      v.check(
        (apps) => new Set(apps.map(({ apiUser }) => apiUser)).size === apps.length,
        'must differ in apiUser, which selects the app',
      ),
    ),
    allowedTokenTypes: v.optional(TokenTypes, ['bearer']),
    deniedStatus: v.optional(v.picklist([401, 403], 'must be 401 or 403'), 401),
    requireUserIdentifier: Flag,
    requireBoundUserIdentifier: Flag,
    acceptForm: Flag,
    acceptCombinedToken: Flag,
    requiredScopes: v.optional(
      v.array(
        v.pipe(v.string('must be text'), v.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one scope, without spaces')),
        'must be a list',
      ),
      [],
    ),
    realm: v.optional(
      v.pipe(
        v.string('must be text'),
        v.regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/, 'must be printable ASCII, no " or \\'),
      ),
      'hypelabs',
    ),
    deadlineMs: v.optional(wholeNumber(1, longestDeadlineMs), defaultDeadlineMs),
    verifierDeadlineMs: v.optional(wholeNumber(1, longestDeadlineMs)),
    isSourceAllowed: v.optional(callable<HandlerSettings['isSourceAllowed']>(), () => () => true),
    onEvent: v.optional(callable<(decision: Decision) => void>()),
    clock: v.optional(callable<Clock>(), () => systemClock),
  },
  'must be an object',
);

/**
 * Checks and completes the options.
 *
 * @throws {TypeError} Naming the option. @throws {RangeError} For a deadline or a secret that is too short.
 */
export function resolveOptions(options: CreateAuthorizationHandlerOptions): HandlerSettings {
  const checked = checkOptions(OptionsShape, options);
  const { deadlineMs, verifierDeadlineMs = Math.min(defaultVerifierDeadlineMs, deadlineMs) } = checked;
  if (verifierDeadlineMs > deadlineMs) throw new RangeError('verifierDeadlineMs must be at most deadlineMs');
  return Object.freeze({
    ...checked,
    allowedTokenTypes: new Set(checked.allowedTokenTypes),
    verifierDeadlineMs,
    onEvent: checked.onEvent,
  });
}

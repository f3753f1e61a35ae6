import { type FaultAnswer, type HttpErrorCode, isXError, type MappedFault, type ResponseError } from '@x/http';
import * as v from 'valibot';
import { ErrorBody, type ErrorTexts } from './schemas/error-body.ts';

/** Codes that errors of this package carry, those of every client among them. */
export type QuickBloxErrorCode =
  | HttpErrorCode
  /** The signature does not fit: wrong secret, wrong hash, or a parameter that was not signed. */
  | 'quickblox.bad-signature'
  /** The timestamp is more than 60 minutes off, even after the provider's time was learnt. */
  | 'quickblox.bad-timestamp'
  /** The pair of nonce and timestamp was used before. QuickBlox's own wording is not known. */
  | 'quickblox.nonce-reused'
  /** No application has this id and authorization key. */
  | 'quickblox.unknown-application'
  /** The user is unknown or the password wrong. */
  | 'quickblox.bad-credentials'
  /** Facebook, Twitter or Firebase did not accept the token that they are said to have issued. */
  | 'quickblox.provider-refused'
  /** The session has expired or was destroyed. Sessions made by this package renew themselves and replay once. */
  | 'quickblox.session-gone'
  /** The request carried no token. */
  | 'quickblox.token-missing'
  /** The call needs a user, and the session or the API key acts for the application. */
  | 'quickblox.user-required'
  /** The API key is not, or no longer, valid. */
  | 'quickblox.bad-api-key'
  /** More calls per second than the plan allows. */
  | 'quickblox.rate-limited'
  /** The application's plan or settings leave this feature out. */
  | 'quickblox.feature-disabled'
  /** A value was refused; the fault's `errors` tell which. */
  | 'quickblox.validation';

/** What QuickBlox said of a failure. */
export interface QuickBloxFault {
  /** Texts by field, `base` for the request as a whole; empty when the body has no known shape. */
  readonly errors: ErrorTexts;
  /** The body as it came, at most 64 KiB. Behind a custom identity provider it can be anything. */
  readonly body: string;
}

interface Rule {
  readonly code: QuickBloxErrorCode;
  readonly statuses: readonly number[];
  readonly text: RegExp;
  /** For people; the provider's own words stay in the fault, because they may quote what was sent. */
  readonly message: string;
}

const refusals = [400, 401, 403, 404, 422];

/** QuickBlox fact sheet §6.3; first match wins. */
const rules: readonly Rule[] = [
  {
    code: 'quickblox.bad-signature',
    statuses: refusals,
    text: /^unexpected signature/i,
    message: 'expected a signature that fits; check the authorization secret and the hash',
  },
  {
    code: 'quickblox.bad-timestamp',
    statuses: refusals,
    text: /^bad timestamp/i,
    message: "expected a timestamp within 60 minutes of the provider's clock",
  },
  {
    code: 'quickblox.unknown-application',
    statuses: refusals,
    text: /^no application found/i,
    message: 'expected the id and the authorization key of an application',
  },
  {
    code: 'quickblox.nonce-reused',
    statuses: [422], // an identity provider of one's own may speak of its own nonce
    text: /\bnonce\b/i,
    message: 'expected a nonce that was not used with this timestamp before',
  },
  {
    code: 'quickblox.token-missing',
    statuses: refusals,
    text: /^token is required/i,
    message: 'expected a session token or an API key',
  },
  {
    code: 'quickblox.user-required',
    statuses: refusals,
    text: /need user/i,
    message: 'expected a session of a user, or an API key on behalf of one',
  },
  {
    code: 'quickblox.provider-refused',
    statuses: refusals,
    text: /^bad authentication data/i,
    message: 'expected a token that its issuer accepts',
  },
  {
    code: 'quickblox.bad-credentials',
    statuses: [401],
    text: /^unauthorized/i,
    message: 'expected a user and its password',
  },
  {
    // only the beginning of the text is known
    code: 'quickblox.bad-api-key',
    statuses: [401],
    text: /^authoriz/i,
    message: 'expected a valid API key',
  },
];

/**
 * Reads the body of a failed answer.
 *
 * @returns The fault, its code where one fits, and a text for people that quotes nothing of the body. Never throws,
 *   whatever the body: custom identity providers answer in shapes of their own.
 * @see QuickBlox fact sheet §6.
 */
export function mapFault(answer: FaultAnswer): MappedFault & { readonly fault: QuickBloxFault } {
  const { status, body } = answer;
  const errors = readErrors(body);
  const fault = { errors: errors ?? {}, body };
  if (isSessionGone(answer)) {
    return { code: 'quickblox.session-gone' satisfies QuickBloxErrorCode, fault, message: 'expected a live session' };
  }
  if (status === 429) {
    return { code: 'quickblox.rate-limited' satisfies QuickBloxErrorCode, fault, message: 'expected fewer calls' };
  }
  const base = Object.hasOwn(fault.errors, 'base') ? (fault.errors['base'] ?? []) : [];
  const rule = rules.find(({ statuses, text }) => statuses.includes(status) && base.some((line) => text.test(line)));
  if (rule !== undefined) return { code: rule.code, fault, message: rule.message };
  if (status === 405) {
    return { code: 'quickblox.feature-disabled' satisfies QuickBloxErrorCode, fault, message: 'expected the feature' };
  }
  if (status === 422 && errors !== undefined) {
    return { code: 'quickblox.validation' satisfies QuickBloxErrorCode, fault, message: 'expected valid values' };
  }
  return { fault };
}

/**
 * Tells whether an answer means that the session is gone, which the server finds out before it does anything.
 *
 * A 401 alone does not mean it: a wrong password is a 401 too, and renewing on it would never end. Nor does the text
 * alone: other refusals may quote it.
 *
 * @see QuickBlox fact sheet §6.3, "Detection rule": the status and the text, in whatever shape it comes.
 */
export function isSessionGone({ status, body }: { readonly status: number; readonly body: string }): boolean {
  return status === 401 && body.toLowerCase().includes('session does not exist');
}

/** Narrows an error to an answer of QuickBlox's, with the typed fault on it. */
export function isQuickBloxFault(
  error: unknown,
): error is ResponseError<QuickBloxFault> & { readonly fault: QuickBloxFault } {
  return isXError(error) && error.provider === 'quickblox' && (error as Partial<ResponseError>).fault !== undefined;
}

function readErrors(body: string): ErrorTexts | undefined {
  try {
    const read = v.safeParse(ErrorBody, JSON.parse(body));
    return read.success ? read.output : undefined;
  } catch {
    return undefined; // HTML, empty, blank, or nested too deep to walk
  }
}

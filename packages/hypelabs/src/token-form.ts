import { ownMember } from '@x/http/server';
import type { Members } from './body.ts';
import type { RefusalReason } from './decision.ts';
import { readUserIdentifier } from './user-identifier.ts';

/** Characters of an access token at most, by HypeLabs fact sheet §5 row 15. */
const maxTokenLength = 8192;

/** What the device presented, of the right types and not yet looked at. */
export interface TokenMembers {
  /** Empty when it is absent. */
  readonly accessToken: string;
  /** Empty when it is absent. */
  readonly tokenType: string;
  readonly userIdentifier: number | undefined;
}

export type TokenMembersResult =
  | { readonly ok: true; readonly value: TokenMembers }
  | { readonly ok: false; readonly reason: RefusalReason };

/**
 * Checks the types of the members that describe a device.
 *
 * A token of digits must come as text: as a number it would have lost leading zeros and precision on its way.
 *
 * @returns The members, null and absent ones being empty, or the first that is malformed.
 * @see HypeLabs fact sheet §8 items 5 and 13, §9 rows 28 to 30, 34, 37, 39 to 43.
 */
export function readTokenMembers(members: Members): TokenMembersResult {
  const accessToken = ownMember(members, 'access_token') ?? '';
  const tokenType = ownMember(members, 'token_type') ?? '';
  const userIdentifier = readUserIdentifier(ownMember(members, 'user_identifier'));
  if (typeof accessToken !== 'string') return { ok: false, reason: 'access-token-not-text' };
  if (typeof tokenType !== 'string') return { ok: false, reason: 'token-type-not-text' };
  if (!userIdentifier.ok) return { ok: false, reason: 'user-identifier-malformed' };
  return { ok: true, value: { accessToken, tokenType, userIdentifier: userIdentifier.value } };
}

/** What tokens are looked at. */
export interface TokenRules {
  /** In lower case. */
  readonly allowedTokenTypes: ReadonlySet<string>;
  /** Takes `Bearer x` in `access_token` apart when `token_type` is absent. */
  readonly acceptCombinedToken: boolean;
}

export type TokenResult =
  | { readonly ok: true; readonly accessToken: string; readonly tokenType: string }
  | { readonly ok: false; readonly reason: RefusalReason };

/** RFC 6750 §2.1, b64token. */
const bearerToken = /^[A-Za-z0-9\-._~+/]+=*$/;
/** RFC 6749 §A.12, VSCHAR. */
const anyToken = /^[\x20-\x7e]+$/;

/**
 * Checks the form of a token and of its type.
 *
 * Nothing is trimmed. The type is compared without regard to case. A token that still begins with a scheme was given
 * its prefix twice by the client app, and is malformed.
 *
 * @returns Token and type, the type in lower case, or the first thing that is wrong.
 * @see HypeLabs fact sheet §5 rows 11 to 15, §8 items 6 to 8, §9 rows 31 to 36 and 38.
 */
export function readToken(members: Pick<TokenMembers, 'accessToken' | 'tokenType'>, rules: TokenRules): TokenResult {
  const { accessToken, tokenType } = separate(members, rules);
  if (tokenType === '') return { ok: false, reason: 'token-type-missing' };
  const type = tokenType.toLowerCase();
  if (!/^[!-~]+$/.test(tokenType) || !rules.allowedTokenTypes.has(type)) {
    return { ok: false, reason: 'token-type-refused' };
  }
  if (accessToken === '') return { ok: false, reason: 'token-missing' };
  if (accessToken.length > maxTokenLength) return { ok: false, reason: 'token-too-long' };
  const form = type === 'bearer' ? bearerToken : anyToken;
  if (!form.test(accessToken) || schemeOf(accessToken, rules) !== undefined) {
    return { ok: false, reason: 'token-malformed' };
  }
  return { ok: true, accessToken, tokenType: type };
}

function separate(
  { accessToken, tokenType }: Pick<TokenMembers, 'accessToken' | 'tokenType'>,
  rules: TokenRules,
): Pick<TokenMembers, 'accessToken' | 'tokenType'> {
  const scheme = rules.acceptCombinedToken && tokenType === '' ? schemeOf(accessToken, rules) : undefined;
  if (scheme === undefined) return { accessToken, tokenType };
  return { accessToken: accessToken.slice(scheme.length + 1), tokenType: scheme };
}

/** The known scheme that a text begins with, when one space follows it. */
function schemeOf(text: string, { allowedTokenTypes }: TokenRules): string | undefined {
  const end = text.indexOf(' ');
  const scheme = text.slice(0, Math.max(end, 0));
  return allowedTokenTypes.has(scheme.toLowerCase()) ? scheme : undefined;
}

import { constantTimeEqual, type Secret } from '@x/crypto';
import { ownMember } from '@x/http/server';
import type { Members } from './body.ts';

/** One pair of credentials as the HypeLabs dashboard holds it. */
export interface CallerEntry {
  readonly apiUser: string;
  /** Newest first, at least one. */
  readonly apiSecrets: readonly Secret[];
}

/** What the caller presented; anything, because a stranger wrote it. */
export interface CallerClaim {
  readonly user: unknown;
  readonly secret: unknown;
}

export type CallerClaimResult = { readonly ok: true; readonly claim: CallerClaim } | { readonly ok: false };

/**
 * Finds the caller's credentials in the body.
 *
 * HypeLabs' example says `api_secret` and its prose `api_password`. The former is the name, the latter is read in its
 * absence, and two that differ cannot both be meant.
 *
 * @see HypeLabs fact sheet §2, §5 row 6, §9 rows 23 to 25.
 */
export function readCallerClaim(members: Members): CallerClaimResult {
  const user = ownMember(members, 'api_user');
  const secret = ownMember(members, 'api_secret');
  const password = ownMember(members, 'api_password');
  if (password === undefined) return { ok: true, claim: { user, secret } };
  if (secret !== undefined && secret !== password) return { ok: false };
  return { ok: true, claim: { user, secret: password } };
}

/**
 * Finds the entry that a caller belongs to.
 *
 * User and secret are compared with every entry and every secret, each in constant time, and nothing is left out when
 * one of them has matched or failed: the time tells neither which half was wrong nor how many entries there are to
 * come. Bytes are compared as they are, case, spaces and composition included; what is not text matches nothing.
 *
 * @returns The entry, or undefined.
 * @see HypeLabs fact sheet §7.
 */
export function identifyCaller<Entry extends CallerEntry>(
  entries: readonly Entry[],
  { user, secret }: CallerClaim,
): Entry | undefined {
  const userText = typeof user === 'string' ? user : '';
  const secretText = typeof secret === 'string' ? secret : '';
  const isText = Number(typeof user === 'string') & Number(typeof secret === 'string');
  let position = 0; // from 1; users differ, so at most one entry adds its own
  for (const [index, { apiUser, apiSecrets }] of entries.entries()) {
    const userMatches = Number(constantTimeEqual(userText, apiUser));
    let secretMatches = 0;
    for (const apiSecret of apiSecrets) secretMatches |= Number(constantTimeEqual(secretText, apiSecret.reveal()));
    position += (index + 1) * (isText & userMatches & secretMatches);
  }
  return entries[position - 1];
}

import { finding, type SignatureFinding } from './findings.ts';
import { isRenderedDifferently } from './json-members.ts';
import { showName } from './mask.ts';
import type { Received } from './received.ts';

const required = ['application_id', 'auth_key', 'timestamp', 'nonce'];
/** What may hold anything, a password above all, is not looked into. */
const neverJoined = new Set([...required, 'provider', 'user[login]', 'user[email]']);
/** QuickBlox's own secrets have 15 characters and more. */
const leastSecretLength = 12;
const joined = /(?:[&;,\s]|%26)[a-z_]+(?:\[\w+\]|\.\w+)?(?:=|%3D)/i;

/**
 * Finds what is wrong with a session request whatever its signature.
 *
 * @see QuickBlox fact sheet §4.2, and edge cases 3, 5, 17 and 22.
 */
export function lintRequest({ pairs, encoding, members }: Received, secret: string): SignatureFinding[] {
  const sent = new Map(pairs);
  const has = (name: string): boolean => (sent.get(name) ?? '') !== '';
  // a signed text may have parameters of an identity provider of one's own, whose names nobody knows
  const isJoined = (value: string): boolean =>
    encoding === 'text' ? value.split('&').some((part) => joined.test(part)) : joined.test(value);
  const found: SignatureFinding[] = [];
  for (const name of required) if (!has(name)) found.push(finding('parameter-missing', name));
  const byLogin = has('user[login]');
  const byEmail = has('user[email]');
  if (byLogin && byEmail) found.push(finding('login-and-email'));
  if ((byLogin || byEmail) && !has('user[password]')) found.push(finding('password-missing'));
  const bare = pairs.find(([name]) => /^(?:user\.)?(?:login|email|password)$/.test(name))?.[0];
  const isGrouped = pairs.some(([name]) => name.startsWith('user['));
  if (bare !== undefined && !isGrouped) found.push(finding('user-not-grouped', bare));
  const isOfProvider = pairs.some(([name]) => /^(?:keys|firebase_phone)\[/.test(name));
  if (isOfProvider && !has('provider')) found.push(finding('provider-missing'));
  for (const [name, value] of pairs) {
    const shown = showName(name);
    if (isOrHolds(value, secret) || name === 'auth_secret') found.push(finding('secret-sent', shown));
    if (neverJoined.has(name) && isJoined(value)) found.push(finding('value-joined', name));
    if (value === 'undefined' || value === 'null') found.push(finding('absent-sent', shown));
  }
  for (const [name, source] of members) {
    if (name !== 'timestamp' && isRenderedDifferently(source)) found.push(finding('number-not-whole', showName(name)));
  }
  return has('timestamp') ? [...found, ...lintTimestamp(sent.get('timestamp') ?? '')] : found;
}

/** A secret that is a word, as in tests, is part of other words by chance. */
function isOrHolds(value: string, secret: string): boolean {
  return secret.length < leastSecretLength ? value === secret : value.includes(secret);
}

function lintTimestamp(text: string): SignatureFinding[] {
  if (/^\d+$/.test(text)) return Number(text) > 1e11 ? [finding('timestamp-milliseconds', 'timestamp')] : [];
  const isFraction = /^\d+(?:\.\d+)?(?:e\+?\d+)?$/i.test(text);
  return [finding(isFraction ? 'timestamp-fraction' : 'timestamp-malformed', 'timestamp')];
}

import { ownMember } from '@x/http/server';
import { checkBinding } from './binding.ts';
import { readFormat, readMembers } from './body.ts';
import { identifyCaller, readCallerClaim } from './caller.ts';
import type { DecisionFacts, DecisionReason } from './decision.ts';
import type { HandlerSettings } from './options.ts';
import { fingerprintToken } from './token-fingerprint.ts';
import { readToken, readTokenMembers } from './token-form.ts';
import { verifyToken } from './verification.ts';

/** Facts while they are being found; what is known when a deadline cuts the work short is kept. */
export type GrowingFacts = { -readonly [Name in keyof DecisionFacts]: DecisionFacts[Name] };

/**
 * Decides whether a device may have a certificate.
 *
 * The order is fixed: method, content type and encoding, size, UTF-8 and JSON, object, caller, member types, form of the
 * token, verifier, bindings. Nothing of the token is looked at, and no verifier asked, for a caller that does not know
 * the shared secret.
 *
 * @param facts Filled on the way.
 * @param signal Ends reading and verification.
 * @returns The reason of the decision, `allowed` being the only yes.
 * @see HypeLabs fact sheet §7, §9.
 */
export async function authorize(
  request: Request,
  settings: HandlerSettings,
  facts: GrowingFacts,
  signal: AbortSignal,
): Promise<DecisionReason> {
  if (request.method !== 'POST') return 'method-not-allowed';
  const format = readFormat(request, settings);
  if (!format.ok) return format.reason;
  const body = await readMembers(request, format.format, signal);
  if (!body.ok) return body.reason;

  const caller = readCallerClaim(body.members);
  if (!caller.ok) return 'secret-ambiguous';
  const app = identifyCaller(settings.apps, caller.claim);
  if ((await settings.isSourceAllowed(request)) !== true) return 'source-refused';
  if (app === undefined) return 'caller-unknown';
  facts.app = app.name;

  const presented = ownMember(body.members, 'access_token');
  if (typeof presented === 'string' && presented !== '') facts.tokenFingerprint = fingerprintToken(presented);
  const members = readTokenMembers(body.members);
  if (!members.ok) return members.reason;
  const { userIdentifier } = members.value;
  facts.userIdentifier = userIdentifier;
  const token = readToken(members.value, settings);
  if (!token.ok) return token.reason;

  const { accessToken, tokenType } = token;
  const verified = await verifyToken(
    app.verifier,
    { accessToken, tokenType, userIdentifier, app: app.name },
    { deadlineMs: settings.verifierDeadlineMs, signal },
  );
  if (!verified.ok) {
    facts.detail = verified.detail;
    return verified.reason;
  }
  return checkBinding(verified.token, userIdentifier, settings) ?? 'allowed';
}

import { type Clock, constantTimeEqual } from '@x/crypto';
import { type Check, type Journal, maskSecret } from '@x/http/emulator';
import { isLoopback } from '@x/http/options';
import { createAnswerJudge } from './answer-judge.ts';
import type { AppState } from './app-state.ts';
import type { Authority, Certificate } from './authority.ts';
import type { AuthorizationService } from './options.ts';
import { isRedirect, type SendResult, send } from './send.ts';
import { type AuthorizationParts, splitAuthorization, type Wire, writeBody } from './wire.ts';

/** Why no certificate was issued. */
export type CertificationReason =
  | 'development-token-wrong'
  | 'deployments-used-up'
  /** Any answer that is neither 200 nor a redirect. */
  | 'denied'
  | 'redirected'
  | 'timed-out'
  | 'unreachable';

export type CertificationResult =
  | { readonly ok: true; readonly certificate: Certificate }
  | {
      readonly ok: false;
      readonly reason: CertificationReason;
      /** What the authorization service answered, where it did. */
      readonly status: number | undefined;
    };

/** What the SDK sends to the certification service. */
export interface CertificationRequest {
  readonly authorization: string;
  readonly userIdentifier: number | undefined;
}

export type Certify = (app: AppState, request: CertificationRequest) => Promise<CertificationResult>;

/**
 * Makes the certification service proper.
 *
 * In development the text of the client app is compared with the dashboard's token as it is, and good for ten
 * deployments. In production the authorization service is asked, and exactly 200 is a yes, whatever its body says.
 *
 * @see HypeLabs fact sheet §1.2 steps 4 and 5, §1.3 (documented), §5 rows 4, 16 and 19 (assumed).
 */
export function createCertification(options: {
  readonly authority: Authority;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly fetch: AuthorizationService;
  readonly timeoutMs: number;
  readonly wire: () => Wire;
}): Certify {
  const { authority, journal, clock, fetch, timeoutMs } = options;
  const judges = new Map<AppState, ReturnType<typeof createAnswerJudge>>();

  async function authorize(app: AppState, parts: AuthorizationParts, wire: Wire): Promise<SendResult> {
    const { target } = app;
    if (target === undefined) return { kind: 'unreachable' };
    const { bytes, contentType } = writeBody(parts, wire);
    const headers = new Headers(contentType === undefined ? {} : { 'content-type': contentType });
    const startedAtMs = clock();
    const result = await send({ method: 'POST', headers, body: bytes }, target, { fetch, timeoutMs });
    const judge = judges.get(app) ?? createAnswerJudge();
    judges.set(app, judge);
    const { checks, warnings } = judge(result, clock() - startedAtMs);
    journal.record({
      method: 'POST',
      url: target.url,
      status: result.kind === 'answer' ? result.status : undefined,
      checks: [describe(parts, wire), ...checks],
      warnings: [...(isProtected(target.url) ? [] : [plainWarning]), ...warnings],
    });
    return result;
  }

  return async (app, { authorization, userIdentifier }) => {
    const { appId } = app;
    if (app.mode === 'development') {
      if (!constantTimeEqual(authorization, app.developmentToken)) return refuse('development-token-wrong');
      if (app.deploymentsLeft === 0) return refuse('deployments-used-up');
      app.deploymentsLeft -= 1;
      return { ok: true, certificate: authority.issue({ appId, userIdentifier, accessToken: authorization }) };
    }
    const wire = options.wire();
    const parts = { apiUser: app.apiUser, apiSecret: app.apiSecret, authorization, userIdentifier };
    const result = await authorize(app, parts, wire);
    const repeated = wire.duplicate === 'request' ? await authorize(app, parts, wire) : result;
    const refusal = refusalOf(result) ?? refusalOf(repeated);
    if (refusal !== undefined) return refusal;
    const { accessToken } = splitAuthorization(authorization, wire);
    return { ok: true, certificate: authority.issue({ appId, userIdentifier, accessToken }) };
  };
}

function refuse(reason: CertificationReason, status?: number): CertificationResult {
  return { ok: false, reason, status };
}

function refusalOf(result: SendResult): CertificationResult | undefined {
  if (result.kind !== 'answer') return refuse(result.kind);
  if (result.status === 200) return undefined;
  return refuse(isRedirect(result) ? 'redirected' : 'denied', result.status);
}

/** The request as the journal may hold it. */
function describe({ apiUser, apiSecret, authorization, userIdentifier }: AuthorizationParts, wire: Wire): Check {
  const { tokenType, accessToken } = splitAuthorization(authorization, wire);
  const detail = [
    `api_user=${apiUser}`,
    `api_secret=${maskSecret(apiSecret.reveal())}`,
    `token_type=${tokenType === undefined ? '(none)' : maskUnknown(tokenType)}`,
    `access_token=${maskSecret(accessToken)}`,
    `user_identifier=${userIdentifier ?? '(none)'}`,
  ].join(' ');
  return { name: 'prompted', ok: true, detail };
}

/** A type that is none may be a whole token, with a prefix missing. */
function maskUnknown(tokenType: string): string {
  return /^(?:bearer|basic|dpop|mac)?$/i.test(tokenType) ? tokenType : maskSecret(tokenType);
}

const plainWarning = 'the authorization URL is not https:, and secret and token cross the network in clear text';

function isProtected(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopback(hostname);
}

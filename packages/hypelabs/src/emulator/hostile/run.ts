import type { JsonValue } from '@x/crypto';
import type { Journal } from '@x/http/emulator';
import { appearance } from '../answer-judge.ts';
import type { AppState, Target } from '../app-state.ts';
import type { AuthorizationService } from '../options.ts';
import { type Outgoing, type SendResult, send } from '../send.ts';
import type { HostileCase, HostileContext, HostileRequest, HostileVariant, TokenTrait } from './case.ts';
import { checkAnswer } from './check-answer.ts';
import { callerCases, deviceCases } from './member-cases.ts';
import { oddityCases, requestCases } from './request-cases.ts';
import { verifierCases } from './verifier-cases.ts';

/** What hostile mode has to know. */
export interface HostileOptions {
  /** A token that the service accepts now, without prefix. */
  readonly accessToken: string;
  /** Default `Bearer`. */
  readonly tokenType?: string | undefined;
  /** The user identifier that belongs to the token. */
  readonly userIdentifier: number;
  /** One that does not; default the next, or the one before the last. */
  readonly otherUserIdentifier?: number | undefined;
  /** As the service is set up; default false. Rows that presume otherwise are left out. */
  readonly requireUserIdentifier?: boolean | undefined;
  /** As the service is set up; default false. Rows that presume otherwise are left out. */
  readonly acceptForm?: boolean | undefined;
  /** As the service is set up; default `tokenType` alone. Rows that presume otherwise are left out. */
  readonly allowedTokenTypes?: readonly string[] | undefined;
  /** Tokens that are bad, or that the service's verifier fails on; rows that need a missing one are left out. */
  readonly tokens?: Partial<Record<TokenTrait, string>> | undefined;
  /** The service set up differently, called directly; rows that need a missing one are left out. */
  readonly variants?: Partial<Record<HostileVariant, AuthorizationService>> | undefined;
}

/** What came of one case. */
export interface HostileVerdict {
  /** Of HypeLabs fact sheet §9. */
  readonly row: number;
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'left-out';
  /** What was expected and seen, or why the case was left out; no secret and no token. */
  readonly detail: string;
}

/** What came of all. */
export interface HostileReport {
  /** Whether nothing failed and all denials were one. */
  readonly ok: boolean;
  readonly verdicts: readonly HostileVerdict[];
  readonly passed: number;
  readonly failed: number;
  readonly leftOut: number;
  /** Whether all denials were equal to the last byte. */
  readonly denialsIdentical: boolean;
}

/** The largest user identifier of the SDK. @see HypeLabs fact sheet §2. */
const lastUserIdentifier = 2_147_483_647;

const cases: readonly HostileCase[] = [
  ...requestCases,
  ...callerCases,
  ...deviceCases,
  ...verifierCases,
  ...oddityCases,
].sort((a, b) => a.row - b.row);

/** Runs every case against an app's authorization service, one after the other. @see HypeLabs fact sheet §9, §10. */
export async function runHostile(
  app: AppState,
  options: HostileOptions,
  service: {
    readonly apps: readonly AppState[];
    readonly journal: Journal;
    readonly fetch: AuthorizationService;
    readonly timeoutMs: number;
  },
): Promise<HostileReport> {
  const { target } = app;
  if (target === undefined) throw new TypeError('hostile needs an app with an authorization service');
  const context = createContext(app, target, options, service.apps);
  const denials = new Set<string>();
  const verdicts: HostileVerdict[] = [];
  for (const { row, name, expected, build } of cases) {
    const built = build(context);
    const aim = typeof built === 'string' ? built : targetOf(built, target, options);
    if (typeof built === 'string' || typeof aim === 'string') {
      verdicts.push({ row, name, outcome: 'left-out', detail: String(aim) });
      continue;
    }
    const result = await send(toOutgoing(built, context), aim, service);
    if (expected === 'denied' && result.kind === 'answer') denials.add(appearance(result));
    const { ok, detail } = checkAnswer(result, expected);
    verdicts.push({ row, name, outcome: ok ? 'passed' : 'failed', detail });
    note(service.journal, { row, name, ok, detail }, built, aim, result);
  }
  const count = (outcome: HostileVerdict['outcome']): number =>
    verdicts.filter((one) => one.outcome === outcome).length;
  const failed = count('failed');
  const denialsIdentical = denials.size <= 1;
  return {
    ok: failed === 0 && denialsIdentical,
    verdicts,
    passed: count('passed'),
    failed,
    leftOut: count('left-out'),
    denialsIdentical,
  };
}

function createContext(
  app: AppState,
  target: Target,
  options: HostileOptions,
  apps: readonly AppState[],
): HostileContext {
  const { accessToken, tokenType = 'Bearer', userIdentifier, tokens = {} } = options;
  const { requireUserIdentifier = false, acceptForm = false, allowedTokenTypes = [] } = options;
  const other = apps.find(({ appId }) => appId !== app.appId);
  const apiSecret = app.apiSecret.reveal();
  return {
    members: {
      api_user: app.apiUser,
      api_secret: apiSecret,
      access_token: accessToken,
      token_type: tokenType,
      user_identifier: String(userIdentifier),
    },
    apiSecret,
    accessToken,
    userIdentifier,
    otherSecret: other?.apiSecret.reveal(),
    otherUserIdentifier:
      options.otherUserIdentifier ?? (userIdentifier < lastUserIdentifier ? userIdentifier + 1 : userIdentifier - 1),
    tokenType,
    allowedTokenTypes: new Set([tokenType, ...allowedTokenTypes].map((type) => type.toLowerCase())),
    tokens,
    requireUserIdentifier,
    acceptForm,
    isDirect: target.kind === 'handler',
  };
}

function targetOf({ variant }: HostileRequest, target: Target, { variants = {} }: HostileOptions): Target | string {
  if (variant === undefined) return target;
  const handler = variants[variant];
  return handler === undefined ? `no variant ${variant}` : { kind: 'handler', url: target.url, handler };
}

function toOutgoing(request: HostileRequest, context: HostileContext): Outgoing {
  const { method = 'POST', contentType = 'application/json', abortAfterMs } = request;
  const headers = new Headers(request.headers);
  if (contentType !== null) headers.set('content-type', contentType);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const signal = abortAfterMs === undefined ? undefined : AbortSignal.timeout(abortAfterMs);
  return { method, headers, body: hasBody ? bodyOf(request, context) : undefined, signal };
}

function bodyOf({ body, members = {} }: HostileRequest, context: HostileContext): NonNullable<Outgoing['body']> {
  if (body instanceof ReadableStream || body instanceof Uint8Array) return body;
  const written: Readonly<Record<string, JsonValue | undefined>> = { ...context.members, ...members };
  return new TextEncoder().encode(body ?? JSON.stringify(written));
}

function note(
  journal: Journal,
  {
    row,
    name,
    ok,
    detail,
  }: { readonly row: number; readonly name: string; readonly ok: boolean; readonly detail: string },
  { method = 'POST' }: HostileRequest,
  { url }: Target,
  result: SendResult,
): void {
  const status = result.kind === 'answer' ? result.status : undefined;
  journal.record({ method, url, status, checks: [{ name: `row ${row}: ${name}`, ok, detail }] });
}

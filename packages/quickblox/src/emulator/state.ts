import { encodeBase64Url, encodeHex, encodeUtf8, type RandomSource } from '@x/crypto';
import type { EmulatedApplication, EmulatedUser, EmulatorSettings } from './options.ts';
import { createResources, type Resources } from './resource-state.ts';

/** A session as the server keeps it. */
export interface LiveSession {
  readonly id: number;
  readonly token: string;
  readonly application: LiveApplication;
  /** 0 for the application's own. */
  userId: number;
  readonly nonce: number | string;
  readonly timestampSeconds: number;
  readonly createdAtMs: number;
  slidAtMs: number;
  expiresAtMs: number;
}

/** A user as the server keeps it. */
export interface LiveUser extends EmulatedUser {
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** An application as the server keeps it. */
export interface LiveApplication {
  readonly settings: EmulatedApplication;
  readonly users: Map<number, LiveUser>;
  /** What it keeps beside its users. */
  readonly resources: Resources;
  /** `timestamp/nonce` of what was received, with the moment when it may be forgotten. */
  readonly nonces: Map<string, number>;
  /** When sessions were asked for, by subject. */
  readonly requests: Map<string, number[]>;
}

/** Everything that the server knows. */
export interface EmulatorState {
  settings: EmulatorSettings;
  readonly random: RandomSource;
  readonly applications: readonly LiveApplication[];
  readonly sessions: Map<string, LiveSession>;
  nextSessionId: number;
  /** Calls of all applications in the current second. */
  calls: { readonly second: number; readonly count: number };
}

/** Begins with the given applications and no session. */
export function createState(
  applications: readonly EmulatedApplication[],
  settings: EmulatorSettings,
  random: RandomSource,
): EmulatorState {
  const live = applications.map((application) => ({
    settings: application,
    users: new Map((application.users ?? []).map((user) => [user.id, { ...user, createdAtMs: 0, updatedAtMs: 0 }])),
    resources: createResources(),
    nonces: new Map<string, number>(),
    requests: new Map<string, number[]>(),
  }));
  const calls = { second: 0, count: 0 };
  return { settings, random, applications: live, sessions: new Map(), nextSessionId: 1_151_827_623, calls };
}

/** Makes an id as dialogs, messages and records have them: 24 hex digits. */
export function createId(random: RandomSource): string {
  return encodeHex(random(12));
}

/** Opens a session. */
export function openSession(
  state: EmulatorState,
  given: Pick<LiveSession, 'application' | 'userId' | 'nonce' | 'timestampSeconds'>,
  nowMs: number,
): LiveSession {
  const id = state.nextSessionId;
  state.nextSessionId += 1;
  const session: LiveSession = {
    ...given,
    id,
    token: createToken(state, given, nowMs),
    createdAtMs: nowMs,
    slidAtMs: nowMs,
    expiresAtMs: nowMs + state.settings.lifetimeSeconds * 1000,
  };
  state.sessions.set(session.token, session);
  return session;
}

/** Finds a live session and moves its end, as often as the settings allow. */
export function useSession(state: EmulatorState, token: string, nowMs: number): LiveSession | undefined {
  const session = state.sessions.get(token);
  if (session === undefined) return undefined;
  if (session.expiresAtMs <= nowMs) {
    state.sessions.delete(token);
    return undefined;
  }
  const { lifetimeSeconds, slideEverySeconds } = state.settings;
  if (nowMs - session.slidAtMs >= slideEverySeconds * 1000) {
    session.slidAtMs = nowMs;
    session.expiresAtMs = nowMs + lifetimeSeconds * 1000;
  }
  return session;
}

function createToken(
  { settings, random }: EmulatorState,
  { application, userId }: Pick<LiveSession, 'application' | 'userId'>,
  nowMs: number,
): string {
  const applicationId = application.settings.id;
  if (settings.tokenFormat === 'hex') {
    const suffix = applicationId.toString(16).padStart(6, '0');
    return encodeHex(random(20)).slice(0, 40 - suffix.length) + suffix;
  }
  const payload = {
    access_type: userId === 0 ? 'application' : 'user_access',
    application_id: applicationId,
    iat: nowMs * 1000, // microseconds, and no `exp`: as seen
  };
  const parts = [{ alg: 'HS512' }, payload].map((part) => encodeBase64Url(encodeUtf8(JSON.stringify(part))));
  return [...parts, encodeBase64Url(random(64))].join('.');
}

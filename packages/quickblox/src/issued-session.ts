import * as v from 'valibot';
import { parseExpirationDate } from './expiration-date.ts';
import { TokenText } from './schemas/token-text.ts';

/** What is kept of a session, in memory and in the store. */
export interface IssuedSession {
  readonly token: string;
  /** Whose it is; 0 for the application's. */
  readonly userId: number;
  /** As the provider said last; absent when it did not say, and never computed from the local clock. */
  readonly expiresAtMs?: number;
}

const Issued: v.GenericSchema<unknown, IssuedSession> = v.object({
  token: TokenText,
  userId: v.number(),
  expiresAtMs: v.exactOptional(v.number()),
});

/**
 * Reads a session's end from an answer, which tells it anew with every request.
 *
 * @returns Milliseconds since 1970; undefined when the answer does not tell.
 */
export function readExpiresAtMs(headers: Headers): number | undefined {
  return parseExpirationDate(headers.get('QB-Token-ExpirationDate'));
}

/** What is needed of a session as QuickBlox writes it. */
interface CreatedSessionWire {
  readonly token: string;
  readonly user_id?: number | null | undefined;
}

/**
 * Reads what is needed of a session. One that is refused for what nobody needs would live on unknown, and each request
 * would create another one.
 */
export const CreatedSession: v.GenericSchema<{ readonly session: CreatedSessionWire }> = v.object({
  session: v.object({ token: TokenText, user_id: v.nullish(v.number()) }),
});

/**
 * An end that is told with an answer of the living session, and is over, is a mistake of some clock: taken at its word
 * it would make each request create a session. What ends without our knowing is renewed when QuickBlox says so.
 */
function readLivingEndMs(headers: Headers, nowMs: number): number | undefined {
  const expiresAtMs = readExpiresAtMs(headers);
  return expiresAtMs !== undefined && expiresAtMs > nowMs ? expiresAtMs : undefined;
}

/** Puts together a session and what the answer that gave it says of its end. */
export function toIssuedSession(
  { token, user_id }: CreatedSessionWire,
  headers: Headers,
  nowMs: number,
): IssuedSession {
  const userId = user_id ?? 0;
  const expiresAtMs = readLivingEndMs(headers, nowMs);
  return expiresAtMs === undefined ? { token, userId } : { token, userId, expiresAtMs };
}

/**
 * Reads a session's new end from an answer.
 *
 * Answers may overtake each other, so an earlier end than the known one says nothing.
 *
 * @returns The session with its new end, or undefined when there is none.
 */
export function slideSession(session: IssuedSession, headers: Headers, nowMs: number): IssuedSession | undefined {
  const expiresAtMs = readLivingEndMs(headers, nowMs);
  if (expiresAtMs === undefined || expiresAtMs <= (session.expiresAtMs ?? 0)) return undefined;
  return { ...session, expiresAtMs };
}

/** Whether a stored value is a session of this version of the package: what is not counts as absent. */
export function isIssuedSession(value: unknown): value is IssuedSession {
  return v.is(Issued, value);
}

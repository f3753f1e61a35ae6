import * as v from 'valibot';
import { IsoTime } from './iso-time.ts';
import { TokenText } from './token-text.ts';

/** A session as QuickBlox writes it. */
export interface SessionWire {
  readonly id: number;
  readonly application_id: number;
  readonly user_id: number;
  readonly nonce: number | string;
  readonly ts: number;
  readonly token: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A session of an application or of one of its users. Members that QuickBlox adds are kept. */
export interface Session {
  readonly id: number;
  readonly applicationId: number;
  /** 0 for a session of the application. */
  readonly userId: number;
  readonly nonce: number | string;
  /** The `timestamp` that the session was requested with, in seconds. */
  readonly timestampSeconds: number;
  /** What `QB-Token` carries. */
  readonly token: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Reads a session. @see QuickBlox fact sheet §4.6. */
export const Session: v.GenericSchema<SessionWire, Session> = v.pipe(
  v.looseObject({
    id: v.number(),
    application_id: v.number(),
    user_id: v.number(),
    nonce: v.union([v.number(), v.string()]),
    ts: v.number(),
    token: TokenText,
    created_at: IsoTime,
    updated_at: IsoTime,
  }),
  v.transform(({ application_id, user_id, ts, created_at, updated_at, ...rest }) => ({
    ...rest,
    applicationId: application_id,
    userId: user_id,
    timestampSeconds: ts,
    createdAtMs: created_at,
    updatedAtMs: updated_at,
  })),
);

/** The body of `POST` and `GET /session.json` as QuickBlox writes it. */
export interface SessionEnvelopeWire {
  readonly session: SessionWire;
}

/** Reads the body of `POST` and `GET /session.json` to the session in it. */
export const SessionEnvelope: v.GenericSchema<SessionEnvelopeWire, Session> = v.pipe(
  v.object({ session: Session }),
  v.transform(({ session }) => session),
);

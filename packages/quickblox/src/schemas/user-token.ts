import * as v from 'valibot';
import { IsoTime } from './iso-time.ts';
import { TokenText } from './token-text.ts';

/** A minted token as QuickBlox writes it. */
export interface UserTokenWire {
  readonly token: string;
  readonly expires_at: string;
}

/** A user's session token, minted with an API key. Members that QuickBlox adds are kept. */
export interface UserToken {
  /** What the user's client sends as `QB-Token`. */
  readonly token: string;
  /** When the token ends unless it is used before, milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Reads the body of `POST /users/{id}/tokens`. @see QuickBlox fact sheet §2.1. */
export const UserToken: v.GenericSchema<UserTokenWire, UserToken> = v.pipe(
  v.looseObject({ token: TokenText, expires_at: IsoTime }),
  v.transform(({ expires_at: expiresAtMs, ...rest }) => ({ ...rest, expiresAtMs })),
);

import type { JsonObject, OAuthStateReason } from '@x/crypto';
import { isXError } from '@x/http/errors';
import type { RedirectError, RedirectReason } from './redirect.ts';
import type { Connection } from './schemas/connection.ts';

/** Why a flow ended without a connection, or with one that the application did not take. */
export type ConnectFailureReason =
  | RedirectError
  | RedirectReason
  | OAuthStateReason
  /** The application's `prepare` failed. */
  | 'prepare-failed'
  /** The state was used before; only with a store. */
  | 'state-replayed'
  | 'store-failed'
  | 'exchange-failed'
  /** The application's `onConnected` failed: the connection is live, and the application does not know. */
  | 'on-connected-failed'
  /** `onConnected` has stored the connection, and returned a response that cannot be sent: `error` says why. */
  | 'response-unusable'
  /** The deadline passed: the code may have been exchanged. */
  | 'deadline'
  /** Something else on this side failed, such as a clock. */
  | 'internal-error';

/** A flow that failed, as the application learns it. */
export interface ConnectFailure {
  readonly reason: ConnectFailureReason;
  readonly request: Request;
  /** What `prepare` put into the flow; undefined unless the state proved that this browser began it. */
  readonly claims: JsonObject | undefined;
  /** The raw `error` of HubRise's redirect. Without claims, anybody may have written it. */
  readonly providerError: string | undefined;
  /** What was thrown. */
  readonly error: unknown;
  /**
   * Set when the code was exchanged: store it, unless the reason is `response-unusable`, where that is done. HubRise gives a location's token again, so a tenant may hold it from
   * before, and revoking ends it for all who do. After `deadline`, `onConnected` may yet store it.
   */
  readonly connection: Connection | undefined;
}

/** What a connect handler tells its subscriber, without secrets, unless an error that your own `onFailed` threw has one. */
export type ConnectEvent =
  | { readonly type: 'connect-begun'; readonly provider: 'hubrise' }
  | { readonly type: 'connect-completed'; readonly provider: 'hubrise' }
  | {
      readonly type: 'connect-failed';
      readonly provider: 'hubrise';
      readonly reason: ConnectFailureReason;
      /** Code of the error, where it was one of this family. */
      readonly code: string | undefined;
      /** Whether HubRise gave a token before it failed. */
      readonly exchanged: boolean;
    }
  /** `onFailed` threw or did not come back; the neutral page was shown. */
  | {
      readonly type: 'connect-on-failed-threw';
      readonly provider: 'hubrise';
      /** What it threw, which nobody else is told; undefined when it did not come back. */
      readonly error: unknown;
    };

/** The event of a failure. */
export function toFailedEvent({ reason, error, connection }: ConnectFailure): ConnectEvent {
  const code = isXError(error) ? error.code : undefined;
  return { type: 'connect-failed', provider: 'hubrise', reason, code, exchanged: connection !== undefined };
}

/** The status of the page that a failure is answered with: 400 unless the fault lies on this side or on HubRise's. */
export function statusOf({ reason, error }: ConnectFailure): number {
  if (reason === 'deadline') return 503;
  if (reason === 'exchange-failed') return isXError(error) && error.code === 'hubrise.invalid-code' ? 400 : 502;
  return ['prepare-failed', 'store-failed', 'on-connected-failed', 'response-unusable', 'internal-error'].includes(
    reason,
  )
    ? 500
    : 400;
}

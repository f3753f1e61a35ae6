import type { ClientEvent } from '@x/http';
import type { RequestReason } from './data-request.ts';
import type { HandOverReason } from './hand-over.ts';
import type { LinkReason } from './link.ts';
import type { LinkStartReason } from './link-start.ts';
import type { PushHeldReason } from './push.ts';

/** The part of a handler that an event is about. */
export type HubRouteName = 'authenticate' | 'notifications' | 'timeline' | 'action';

/**
 * What a Hub integration tells its subscriber, calls to Hub included, in whose URLs the username is written `{username}`.
 *
 * No event holds a token, a username or what a request contained.
 */
export type HubEvent = ClientEvent | ({ readonly provider: 'hub' } & HubOccurrence);

/** What happens here, beside calls to Hub. */
export type HubOccurrence =
  | { readonly type: 'link-started'; readonly hub: string }
  | { readonly type: 'link-start-refused'; readonly reason: LinkStartReason; readonly status: number }
  /** Hub took the token. Whether it linked the user, only its own page tells. */
  | { readonly type: 'link-accepted'; readonly hub: string }
  | { readonly type: 'link-refused'; readonly reason: LinkReason | HandOverReason; readonly status: number }
  | { readonly type: 'request-answered'; readonly route: HubRouteName }
  | {
      readonly type: 'request-refused';
      /** Undefined when no route was found. */
      readonly route: HubRouteName | undefined;
      readonly reason: RequestReason;
      readonly status: number;
    }
  /** A callback of the app, or its store, threw. */
  | { readonly type: 'handler-failed'; readonly route: HubRouteName | undefined; readonly error: unknown }
  /** A callback returned what Hub could not show: where, and what was expected there. */
  | { readonly type: 'answer-invalid'; readonly route: HubRouteName; readonly issues: readonly AnswerIssue[] }
  /** A callback's result was changed before it was sent. */
  | { readonly type: 'answer-adjusted'; readonly route: HubRouteName; readonly adjustments: readonly Adjustment[] }
  | { readonly type: 'push-sent'; readonly hub: string }
  | { readonly type: 'push-held'; readonly reason: PushHeldReason }
  | { readonly type: 'user-revoked' };

/** One place where a callback's result is not as documented; the value is never told. */
export interface AnswerIssue {
  /** Where, as `items[0].url`. */
  readonly path: string;
  readonly expected: string;
}

/** `items-cut`: only the first 30 were sent. `refresh-delayed`: an earlier refresh than in 5 seconds was put off. */
export type Adjustment = 'items-cut' | 'refresh-delayed';

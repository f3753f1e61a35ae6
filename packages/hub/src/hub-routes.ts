import type { JsonObject, JsonValue } from '@x/crypto';
import { checkOptions } from '@x/http/options';
import * as v from 'valibot';
import type { HubActionValueType } from './action.ts';
import type { HubNotifications } from './notifications.ts';
import type { HubTimeline } from './timeline.ts';

/** A user's browser that Hub sent to link its account. */
export interface HubLogin {
  readonly request: Request;
  /** To be carried through the login, in a form field or the app's own session, and given to `confirmLink`. */
  readonly state: string;
  /** Origin of the Hub that asks, an entry of `hubs`. */
  readonly hub: string;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** A request of Hub whose token holds. */
export interface HubRequest {
  /** Who was linked, in the spelling given to `finishLink`. */
  readonly username: string;
  /** What was sealed into the token. */
  readonly claims: JsonObject;
  /** When the token was made, milliseconds since 1970. */
  readonly issuedAtMs: number;
  /** Members of the body that the documentation does not name, uninterpreted. */
  readonly extra: JsonObject;
  readonly request: Request;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Asks what the app knows about the people of a conversation. They did not agree to anything: nobody vouches for the lists. */
export interface HubTimelineRequest extends HubRequest {
  /** What the user typed into the search field, at most 1,024 characters. */
  readonly search: string | undefined;
  /** At most 200. */
  readonly emails: readonly string[];
  /** At most 200. */
  readonly phoneNumbers: readonly string[];
}

/** Tells that the user acted on an item. */
export interface HubActionRequest extends HubRequest {
  readonly itemId: string;
  /** One of the declared properties. */
  readonly property: string;
  /** Of the declared type. */
  readonly value: JsonValue;
}

/** What an app does at the URLs that Hub calls. A route without a callback answers 404. */
export interface HubRoutes {
  /** Shows the app's login page, or redirects to one. */
  readonly login: (login: HubLogin) => Response | Promise<Response>;
  readonly notifications?: ((request: HubRequest) => HubNotifications | Promise<HubNotifications>) | undefined;
  readonly timeline?: ((request: HubTimelineRequest) => HubTimeline | Promise<HubTimeline>) | undefined;
  readonly action?:
    | {
        /** Properties that actions of timeline items may change, and the kind of value that each takes. */
        readonly properties: Readonly<Record<string, HubActionValueType>>;
        readonly perform: (request: HubActionRequest) => void | Promise<void>;
      }
    | undefined;
}

const callback = v.function('must be a function');

const schema = v.strictObject({
  login: callback,
  notifications: v.optional(callback),
  timeline: v.optional(callback),
  action: v.optional(
    v.strictObject(
      {
        properties: v.custom<object>((value) => typeof value === 'object' && value !== null, 'must be an object'),
        perform: callback,
      },
      'must be an object',
    ),
  ),
});

/**
 * Checks what an app does at the URLs that Hub calls. A misspelt route would answer 404 for ever.
 *
 * @throws {TypeError} Naming the route that is missing, unknown or wrong.
 */
export function checkRoutes(routes: HubRoutes): void {
  checkOptions(schema, routes);
}

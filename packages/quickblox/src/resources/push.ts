import type { Pages } from '@x/http';
import * as v from 'valibot';
import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import type { Page } from '../schemas/page.ts';
import {
  type PushEvent,
  PushEventEnvelope,
  PushEventList,
  PushEventPage,
  type Subscription,
  SubscriptionList,
  SubscriptionPage,
} from '../schemas/push.ts';
import { discard } from './answers.ts';
import { joinList } from './criteria.ts';
import { listPages, type PageOptions } from './lists.ts';
import { numberSegment } from './path.ts';

/** A device to be subscribed. */
export interface NewSubscription {
  readonly notification_channel: 'apns' | 'apns_voip' | 'gcm' | 'email';
  readonly push_token: {
    readonly environment: 'development' | 'production';
    /** What the push service knows the device by. */
    readonly client_identification_sequence: string;
    readonly bundle_identifier?: string | undefined;
  };
  readonly device: { readonly platform: 'ios' | 'android'; readonly udid: string };
}

/** Who gets a notification, by tags of users. */
export interface PushTags {
  readonly any?: readonly string[] | undefined;
  readonly all?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Who gets a notification: ids or tags, with somebody in them. */
export type PushAudience =
  | { readonly ids: readonly number[]; readonly tags?: PushTags | undefined }
  | { readonly ids?: readonly number[] | undefined; readonly tags: PushTags };

/** A notification to be sent. */
export interface NewPushEvent {
  readonly notification_type: 'push' | 'email';
  readonly environment: 'development' | 'production';
  readonly user: PushAudience;
  /** Base64 text; with a `push_type`, in the format of that platform. */
  readonly message: string;
  /** One platform; default all that the users have. */
  readonly push_type?: 'apns' | 'apns_voip' | 'gcm' | undefined;
  /** Default by `date` and `period`. */
  readonly event_type?: 'one_shot' | 'fixed_date' | 'period_date' | undefined;
  readonly name?: string | undefined;
  /** Unix seconds. */
  readonly date?: number | undefined;
  /** Seconds: a day, a week, a month or a year. */
  readonly period?: number | undefined;
}

/** Changes of a notification; what is left out stays. */
export interface PushEventChanges extends Partial<Pick<NewPushEvent, 'name' | 'message' | 'date' | 'period'>> {
  readonly active?: boolean | undefined;
}

/**
 * Subscribes a device of the user's to push notifications.
 *
 * @returns The subscriptions that came of it.
 * @see QuickBlox fact sheet §8, as for all functions of push notifications.
 */
export async function createSubscription(
  client: QuickBloxClient,
  subscription: NewSubscription,
  call: CallOptions = {},
): Promise<readonly Subscription[]> {
  return client.post('subscriptions.json', { json: subscription, ...toCall(call) }).json(SubscriptionList);
}

/** Goes through the user's subscriptions. */
export function listSubscriptions(
  client: QuickBloxClient,
  options: PageOptions = {},
): Pages<Page<Subscription>, Subscription> {
  return listPages(client, { path: 'subscriptions.json', schema: SubscriptionPage }, options);
}

/** Ends a subscription. */
export async function deleteSubscription(client: QuickBloxClient, id: number, call: CallOptions = {}): Promise<void> {
  return discard(client.delete(`subscriptions/${numberSegment('id', id)}.json`, toCall(call)));
}

/**
 * Sends a notification, now or when it says.
 *
 * @returns The events that came of it.
 * @throws {TypeError} Without anybody to get it: whether that would be nobody or everybody is not known.
 */
export async function createPushEvent(
  client: QuickBloxClient,
  { user, ...event }: NewPushEvent,
  call: CallOptions = {},
): Promise<readonly PushEvent[]> {
  const json = { event: { ...event, user: audienceOf(user) } };
  return client.post('events.json', { json, ...toCall(call) }).json(PushEventList);
}

/** Goes through the user's events. */
export function listPushEvents(client: QuickBloxClient, options: PageOptions = {}): Pages<Page<PushEvent>, PushEvent> {
  return listPages(client, { path: 'events.json', schema: PushEventPage }, options);
}

/** Reads an event. @throws {ResponseError} `http.not-found` */
export async function getPushEvent(client: QuickBloxClient, id: number, call: CallOptions = {}): Promise<PushEvent> {
  return client.get(eventPath(id), toCall(call)).json(PushEventEnvelope);
}

/** Changes an event that is yet to come. */
export async function updatePushEvent(
  client: QuickBloxClient,
  { id, changes }: { readonly id: number; readonly changes: PushEventChanges },
  call: CallOptions = {},
): Promise<PushEvent> {
  return client.put(eventPath(id), { json: { event: changes }, ...toCall(call) }).json(PushEventEnvelope);
}

/** Deletes an event. */
export async function deletePushEvent(client: QuickBloxClient, id: number, call: CallOptions = {}): Promise<void> {
  return discard(client.delete(eventPath(id), toCall(call)));
}

/** Reads how far an event has come, in whatever words QuickBlox has for it: they are not documented. */
export async function getPushEventStatus(
  client: QuickBloxClient,
  id: number,
  call: CallOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  return client.get(`events/${numberSegment('id', id)}/status.json`, toCall(call)).json(v.looseObject({}));
}

function eventPath(id: number): string {
  return `events/${numberSegment('id', id)}.json`;
}

/** Lists go as text with commas. */
function audienceOf({ ids = [], tags = {} }: PushAudience): Record<string, unknown> {
  const lists = Object.entries(tags).flatMap(([name, list = []]) =>
    list.length === 0 ? [] : [[name, joinList(`tags.${name}`, list)]],
  );
  if (ids.length === 0 && lists.length === 0) throw new TypeError('user must have ids or tags');
  return {
    ids: ids.length === 0 ? undefined : ids.join(','),
    tags: lists.length === 0 ? undefined : Object.fromEntries(lists),
  };
}

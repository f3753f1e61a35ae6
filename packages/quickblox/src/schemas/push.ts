import * as v from 'valibot';
import { type Envelope, envelopeOf } from './envelope.ts';
import { type Page, pageOf } from './page.ts';

/** A device that gets push notifications. Members that QuickBlox adds are kept. */
export interface Subscription {
  readonly id: number;
  readonly notification_channel?: { readonly name: string } | null | undefined;
  /** The device: its `udid`, platform and the token that its push service knows it by, which is a secret. */
  readonly device?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Reads a subscription. @see QuickBlox fact sheet §8; the members are those of the reference's model. */
export const Subscription: v.GenericSchema<Subscription> = v.looseObject({
  id: v.number(),
  notification_channel: v.nullish(v.looseObject({ name: v.string() })),
  device: v.nullish(v.record(v.string(), v.unknown())),
});

type SubscriptionWire = Envelope<'subscription', Subscription>;

const SubscriptionEnvelope = envelopeOf('subscription', Subscription);

/** Reads the body of `POST /subscriptions.json`, its subscriptions unwrapped. */
export const SubscriptionList: v.GenericSchema<SubscriptionWire[], readonly Subscription[]> =
  v.array(SubscriptionEnvelope);

/** Reads the body of `GET /subscriptions.json`: a page, or a bare list, which is a page with everything on it. */
export const SubscriptionPage: v.GenericSchema<
  SubscriptionWire[] | Page<SubscriptionWire>,
  Page<Subscription>
> = v.union([
  v.pipe(
    SubscriptionList,
    v.transform((items) => ({
      current_page: 1,
      per_page: items.length,
      total_entries: items.length,
      items,
    })),
  ),
  pageOf(SubscriptionEnvelope),
]);

/** A notification that was or will be sent. Members that QuickBlox adds are kept. */
export interface PushEvent {
  readonly id: number;
  /** `one_shot`, `fixed_date` or `period_date`. */
  readonly event_type?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly message?: string | null | undefined;
  /** Unix seconds. */
  readonly date?: number | null | undefined;
  /** Seconds. */
  readonly period?: number | null | undefined;
  readonly active?: boolean | null | undefined;
  readonly environment?: string | null | undefined;
  readonly user_id?: number | null | undefined;
  readonly notification_channel?: { readonly name: string } | null | undefined;
  /** `2019-11-09T19:40:25Z`. */
  readonly created_at?: string | null | undefined;
  readonly updated_at?: string | null | undefined;
}

const Text = v.nullish(v.string());
const Int = v.nullish(v.number());

/** Reads an event. @see QuickBlox fact sheet §8; the members are those of the reference's model. */
export const PushEvent: v.GenericSchema<PushEvent> = v.looseObject({
  id: v.number(),
  event_type: Text,
  name: Text,
  message: Text,
  date: Int,
  period: Int,
  active: v.nullish(v.boolean()),
  environment: Text,
  user_id: Int,
  notification_channel: v.nullish(v.looseObject({ name: v.string() })),
  created_at: Text,
  updated_at: Text,
});

type PushEventWire = Envelope<'event', PushEvent>;

/** Reads the body of `GET` and `PUT /events/{id}.json` to the event in it. */
export const PushEventEnvelope: v.GenericSchema<PushEventWire, PushEvent> = envelopeOf('event', PushEvent);

/** Reads the body of `POST /events.json`: one event, or a list of them. */
export const PushEventList: v.GenericSchema<PushEventWire | PushEventWire[], readonly PushEvent[]> = v.union([
  v.array(PushEventEnvelope),
  v.pipe(
    PushEventEnvelope,
    v.transform((event) => [event]),
  ),
]);

/** Reads the body of `GET /events.json`, its events unwrapped. */
export const PushEventPage: v.GenericSchema<Page<PushEventWire>, Page<PushEvent>> = pageOf(PushEventEnvelope);

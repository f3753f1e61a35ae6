import * as v from 'valibot';
import { type Stretch, stretchOf } from './page.ts';

/** A dialog as one of its users sees it, with the names that QuickBlox gives. Members that it adds are kept. */
export interface Dialog {
  readonly _id: string;
  /** 1 public, 2 group, 3 private. */
  readonly type: number;
  readonly name?: string | null | undefined;
  /** The owner. */
  readonly user_id?: number | null | undefined;
  readonly occupants_ids?: readonly number[] | null | undefined;
  /** A file's id or uid, or a URL. */
  readonly photo?: string | null | undefined;
  /** Where to join over XMPP; null for a private dialog. */
  readonly xmpp_room_jid?: string | null | undefined;
  readonly last_message?: string | null | undefined;
  readonly last_message_id?: string | null | undefined;
  readonly last_message_user_id?: number | null | undefined;
  /** Unix seconds. */
  readonly last_message_date_sent?: number | null | undefined;
  readonly unread_messages_count?: number | null | undefined;
  /** A record of custom objects, `class_name` and its fields. */
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  /** `2019-09-08T17:24:11Z`. */
  readonly created_at?: string | null | undefined;
  readonly updated_at?: string | null | undefined;
}

const Text = v.nullish(v.string());
const Int = v.nullish(v.number());

/** Reads a dialog. @see QuickBlox fact sheet §7 and §8; the members are those of the reference's dialog model. */
export const Dialog: v.GenericSchema<Dialog> = v.looseObject({
  _id: v.string(),
  type: v.number(),
  name: Text,
  user_id: Int,
  occupants_ids: v.nullish(v.array(v.number())),
  photo: Text,
  xmpp_room_jid: Text,
  last_message: Text,
  last_message_id: Text,
  last_message_user_id: Int,
  last_message_date_sent: Int,
  unread_messages_count: Int,
  data: v.nullish(v.record(v.string(), v.unknown())),
  created_at: Text,
  updated_at: Text,
});

/** Reads the body of `GET /chat/Dialog.json`. */
export const DialogStretch: v.GenericSchema<Stretch<Dialog>> = stretchOf(Dialog);

/** Whether a user gets push notifications for a dialog while offline. */
export interface DialogNotifications {
  readonly enabled: 0 | 1;
}

/** Reads the body of `GET` and `PUT /chat/Dialog/{id}/notifications.json`. */
export const DialogNotificationsEnvelope: v.GenericSchema<
  { readonly notifications: { readonly enabled: 0 | 1 | boolean } },
  DialogNotifications
> = v.pipe(
  v.object({ notifications: v.looseObject({ enabled: v.union([v.picklist([0, 1]), v.boolean()]) }) }),
  v.transform(({ notifications }) => ({ ...notifications, enabled: Number(notifications.enabled) as 0 | 1 })),
);

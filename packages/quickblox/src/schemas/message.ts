import * as v from 'valibot';
import { type Stretch, stretchOf } from './page.ts';

/** Something attached to a message. Members that the application or QuickBlox adds are kept. */
export interface Attachment {
  /** The file's id or uid. */
  readonly id?: string | number | null | undefined;
  /** `image`, `audio`, `video`, or a word of the application's own. */
  readonly type?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly [name: string]: unknown;
}

/** A stored message, with the names that QuickBlox gives. The application's own parameters stand beside them. */
export interface Message {
  readonly _id: string;
  readonly chat_dialog_id: string;
  readonly message?: string | null | undefined;
  readonly sender_id?: number | null | undefined;
  readonly recipient_id?: number | null | undefined;
  /** Unix seconds. */
  readonly date_sent?: number | null | undefined;
  readonly attachments?: readonly Attachment[] | null | undefined;
  /** Told for private dialogs only, and deprecated: see `read_ids`. */
  readonly read?: number | null | undefined;
  readonly read_ids?: readonly number[] | null | undefined;
  readonly delivered_ids?: readonly number[] | null | undefined;
  /** `2019-09-08T17:24:11Z`. */
  readonly created_at?: string | null | undefined;
  readonly updated_at?: string | null | undefined;
  readonly [parameter: string]: unknown;
}

const Text = v.nullish(v.string());
const Int = v.nullish(v.number());
const Ids = v.nullish(v.array(v.number()));

const Attachment: v.GenericSchema<Attachment> = v.looseObject({
  id: v.nullish(v.union([v.string(), v.number()])),
  type: Text,
  url: Text,
});

/** Reads a message. @see QuickBlox fact sheet §7 and §8; the members are those of the reference's message model. */
export const Message: v.GenericSchema<Message> = v.looseObject({
  _id: v.string(),
  chat_dialog_id: v.string(),
  message: Text,
  sender_id: Int,
  recipient_id: Int,
  date_sent: Int,
  attachments: v.nullish(v.array(Attachment)),
  read: Int,
  read_ids: Ids,
  delivered_ids: Ids,
  created_at: Text,
  updated_at: Text,
});

/** Reads the body of `GET /chat/Message.json`. */
export const MessageStretch: v.GenericSchema<Stretch<Message>> = stretchOf(Message);

/** How many messages a user has not read: in all, and by the id of each dialog that was asked for. */
export interface UnreadCounts {
  readonly total: number;
  readonly [dialogId: string]: number;
}

/** Reads the body of `GET /chat/Message/unread.json`. */
export const UnreadCounts: v.GenericSchema<UnreadCounts> = v.objectWithRest({ total: v.number() }, v.number());

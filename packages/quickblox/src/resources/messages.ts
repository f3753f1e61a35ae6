import type { Pages } from '@x/http';
import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import type { Deletion } from '../schemas/deletion.ts';
import { type Attachment, Message, MessageStretch, UnreadCounts } from '../schemas/message.ts';
import { Count, type Stretch } from '../schemas/page.ts';
import { discard } from './answers.ts';
import { type Criteria, filterPairs, joinList, type Sort, sortPairs } from './criteria.ts';
import { type DeleteOptions, deleteIds } from './deletion.ts';
import { listStretches, type StretchOptions } from './lists.ts';
import { textSegment } from './path.ts';
import { encodeQuery } from './query.ts';

/** A message to be stored; parameters of the application's own stand beside what QuickBlox knows. */
export type NewMessage = ({ readonly chat_dialog_id: string } | { readonly recipient_id: number }) & {
  readonly message?: string | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
  /** 1 delivers the message to those who are online too; otherwise it is stored only. */
  readonly send_to_chat?: 0 | 1 | undefined;
  /** 1 asks the clients that get it to say so. */
  readonly markable?: 0 | 1 | undefined;
  readonly [parameter: string]: unknown;
};

/** Changes of a message; what is left out stays. */
export interface MessageChanges {
  readonly chat_dialog_id: string;
  readonly message?: string | undefined;
  readonly read?: 1 | undefined;
  readonly delivered?: 1 | undefined;
}

/** Options of {@link listMessages}. */
export interface ListMessagesOptions extends StretchOptions {
  /** Whose messages. */
  readonly dialogId: string;
  /** What must hold of a message; default nothing. */
  readonly filter?: Criteria | undefined;
  /** Which come first; default QuickBlox's order. */
  readonly sort?: Sort | undefined;
  /** 0 leaves the messages unread; listing marks them as read otherwise. */
  readonly markAsRead?: 0 | undefined;
}

/** Parameters of a list of messages alone. */
const ownParameters = ['chat_dialog_id', 'mark_as_read'];

/**
 * Stores a message, and with `send_to_chat` delivers it. It is never sent twice, whatever the client's policy of retries:
 * a lost answer is reported.
 *
 * @throws {ResponseError} `quickblox.user-required` without a user, as all functions of messages; `http.forbidden`
 *   for those who are not in the dialog.
 * @see QuickBlox fact sheet §2, §7 and §8, as for all functions of messages.
 */
export async function createMessage(
  client: QuickBloxClient,
  message: NewMessage,
  call: CallOptions = {},
): Promise<Message> {
  return client.post('chat/Message.json', { json: message, retry: 0, ...toCall(call) }).json(Message);
}

/**
 * Goes through the messages of a dialog, and marks them as read unless told otherwise.
 *
 * @throws {TypeError} For criteria that cannot be written.
 */
export function listMessages(
  client: QuickBloxClient,
  { dialogId, filter, sort, markAsRead, ...options }: ListMessagesOptions,
): Pages<Stretch<Message>, Message> {
  const own = [
    ['chat_dialog_id', dialogId],
    ['mark_as_read', markAsRead],
  ] as const;
  const query = [...filterPairs(filter, ownParameters), ...sortPairs(sort), ...own];
  return listStretches(client, { path: 'chat/Message.json', query, schema: MessageStretch }, options);
}

/** Counts the messages of a dialog. */
export async function countMessages(
  client: QuickBloxClient,
  { dialogId, filter, ...call }: CallOptions & Pick<ListMessagesOptions, 'dialogId' | 'filter'>,
): Promise<number> {
  const searchParams = encodeQuery([...filterPairs(filter, ownParameters), ['chat_dialog_id', dialogId], ['count', 1]]);
  return client.get('chat/Message.json', { searchParams, ...toCall(call) }).json(Count);
}

/** Reads a message. @throws {ResponseError} `http.not-found` */
export async function getMessage(client: QuickBloxClient, id: string, call: CallOptions = {}): Promise<Message> {
  return client.get(`chat/Message/${textSegment('id', id)}.json`, toCall(call)).json(Message);
}

/** Changes a message, or marks it as read or delivered. */
export async function updateMessage(
  client: QuickBloxClient,
  { id, changes }: { readonly id: string; readonly changes: MessageChanges },
  call: CallOptions = {},
): Promise<void> {
  return discard(client.put(`chat/Message/${textSegment('id', id)}.json`, { json: changes, ...toCall(call) }));
}

/**
 * Deletes messages, for the user alone unless `force` is given.
 *
 * @param ids One id or several.
 * @returns What became of each id, where QuickBlox tells: it succeeds as a whole although some are refused.
 */
export async function deleteMessages(
  client: QuickBloxClient,
  ids: string | readonly string[],
  options: DeleteOptions = {},
): Promise<Deletion | undefined> {
  return deleteIds(client, { path: 'chat/Message', ids }, options);
}

/**
 * Counts what the user has not read.
 *
 * @param dialogIds The dialogs to count each; default none, so that only the total is told.
 */
export async function getUnreadCounts(
  client: QuickBloxClient,
  dialogIds: readonly string[] = [],
  call: CallOptions = {},
): Promise<UnreadCounts> {
  const ids = dialogIds.length === 0 ? undefined : joinList('dialogIds', dialogIds);
  const searchParams = encodeQuery([['chat_dialog_ids', ids]]);
  return client.get('chat/Message/unread.json', { searchParams, ...toCall(call) }).json(UnreadCounts);
}

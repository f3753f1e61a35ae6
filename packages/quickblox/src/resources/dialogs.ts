import type { Pages } from '@x/http';
import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import type { Deletion } from '../schemas/deletion.ts';
import { Dialog, type DialogNotifications, DialogNotificationsEnvelope, DialogStretch } from '../schemas/dialog.ts';
import { Count, type Stretch } from '../schemas/page.ts';
import { type Criteria, filterPairs, type Sort, sortPairs } from './criteria.ts';
import { type DeleteOptions, deleteIds } from './deletion.ts';
import { listStretches, type StretchOptions } from './lists.ts';
import { textSegment } from './path.ts';
import { encodeQuery } from './query.ts';

/** A dialog to be created; whoever creates it is one of its occupants. */
export interface NewDialog {
  /** 1 public, 2 group, 3 private with the one user named in `occupants_ids`. */
  readonly type: 1 | 2 | 3;
  /** Of a public or group dialog. */
  readonly name?: string | undefined;
  readonly occupants_ids?: readonly number[] | undefined;
  readonly photo?: string | undefined;
  /** A record of custom objects that goes with the dialog: `class_name` and its fields. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** Changes of a dialog; what is left out stays. */
export interface DialogChanges {
  readonly name?: string | undefined;
  readonly photo?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  /** What to add to lists. */
  readonly push_all?: { readonly occupants_ids: readonly number[] } | undefined;
  /** What to take out of lists. */
  readonly pull_all?: { readonly occupants_ids: readonly number[] } | undefined;
}

/** Options of {@link listDialogs}. */
export interface ListDialogsOptions extends StretchOptions {
  /** What must hold of a dialog; default nothing. */
  readonly filter?: Criteria | undefined;
  /** Which come first; default QuickBlox's order. */
  readonly sort?: Sort | undefined;
}

/** A dialog and some of its users. */
export interface Occupants {
  readonly dialogId: string;
  readonly userIds: readonly number[];
}

/**
 * Creates a dialog, or finds the private one that these two users have already.
 *
 * @throws {ResponseError} `quickblox.user-required` without a user, as all functions of dialogs.
 * @see QuickBlox fact sheet §2, §7 and §8, as for all functions of dialogs.
 */
export async function createDialog(
  client: QuickBloxClient,
  { occupants_ids, ...dialog }: NewDialog,
  call: CallOptions = {},
): Promise<Dialog> {
  const json = { ...dialog, occupants_ids: occupants_ids?.join(',') };
  return client.post('chat/Dialog.json', { json, ...toCall(call) }).json(Dialog);
}

/** Goes through the user's dialogs. @throws {TypeError} For criteria that cannot be written. */
export function listDialogs(
  client: QuickBloxClient,
  { filter, sort, ...options }: ListDialogsOptions = {},
): Pages<Stretch<Dialog>, Dialog> {
  const query = [...filterPairs(filter), ...sortPairs(sort)];
  return listStretches(client, { path: 'chat/Dialog.json', query, schema: DialogStretch }, options);
}

/** Counts the user's dialogs. */
export async function countDialogs(
  client: QuickBloxClient,
  { filter, ...call }: CallOptions & { readonly filter?: Criteria | undefined } = {},
): Promise<number> {
  const searchParams = encodeQuery([...filterPairs(filter), ['count', 1]]);
  return client.get('chat/Dialog.json', { searchParams, ...toCall(call) }).json(Count);
}

/** Reads a dialog. @throws {ResponseError} `http.not-found`, `http.forbidden` for one of other users' */
export async function getDialog(client: QuickBloxClient, id: string, call: CallOptions = {}): Promise<Dialog> {
  return client.get(`chat/Dialog/${textSegment('id', id)}.json`, toCall(call)).json(Dialog);
}

/** Changes a dialog. */
export async function updateDialog(
  client: QuickBloxClient,
  { id, changes }: { readonly id: string; readonly changes: DialogChanges },
  call: CallOptions = {},
): Promise<Dialog> {
  return client.put(`chat/Dialog/${textSegment('id', id)}.json`, { json: changes, ...toCall(call) }).json(Dialog);
}

/** Lets users into a group dialog. */
export async function addOccupants(
  client: QuickBloxClient,
  { dialogId, userIds }: Occupants,
  call: CallOptions = {},
): Promise<Dialog> {
  return updateDialog(client, { id: dialogId, changes: { push_all: { occupants_ids: userIds } } }, call);
}

/** Takes users out of a group dialog. */
export async function removeOccupants(
  client: QuickBloxClient,
  { dialogId, userIds }: Occupants,
  call: CallOptions = {},
): Promise<Dialog> {
  return updateDialog(client, { id: dialogId, changes: { pull_all: { occupants_ids: userIds } } }, call);
}

/**
 * Deletes dialogs, for the user alone unless `force` is given.
 *
 * @param ids One id or several.
 * @returns What became of each id, where QuickBlox tells: it succeeds as a whole although some are refused.
 */
export async function deleteDialogs(
  client: QuickBloxClient,
  ids: string | readonly string[],
  options: DeleteOptions = {},
): Promise<Deletion | undefined> {
  return deleteIds(client, { path: 'chat/Dialog', ids }, options);
}

/** Reads whether the user gets push notifications for a dialog. */
export async function getDialogNotifications(
  client: QuickBloxClient,
  id: string,
  call: CallOptions = {},
): Promise<DialogNotifications> {
  const path = `chat/Dialog/${textSegment('id', id)}/notifications.json`;
  return client.get(path, toCall(call)).json(DialogNotificationsEnvelope);
}

/** Says whether the user gets push notifications for a dialog. */
export async function updateDialogNotifications(
  client: QuickBloxClient,
  { id, enabled }: DialogNotifications & { readonly id: string },
  call: CallOptions = {},
): Promise<DialogNotifications> {
  const path = `chat/Dialog/${textSegment('id', id)}/notifications.json`;
  return client.put(path, { json: { enabled }, ...toCall(call) }).json(DialogNotificationsEnvelope);
}

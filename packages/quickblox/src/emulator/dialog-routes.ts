import type { EmulatorRoute } from '@x/http/emulator';
import { type Answer, isoSeconds } from './answers.ts';
import { type Body, groupOf, idsOf, textOf } from './body.ts';
import { answerDeletion } from './deletion.ts';
import { answerStretch } from './paging.ts';
import { createResourceRoutes, type HandleResource, type ResourceCall } from './resource-route.ts';
import type { LiveDialog, LiveMessage, Resources } from './resource-state.ts';
import { search } from './search.ts';
import { createId, type EmulatorState } from './state.ts';

/**
 * `/chat/Dialog`: dialogs as one of their users sees them.
 *
 * Documented: the paths, the three types, that a private dialog is found again, `push_all` and `pull_all`, that a
 * deletion holds for the user alone unless its owner forces it (QuickBlox fact sheet §7 and §8, and today's reference).
 * Assumed: that every occupant may change a dialog, and the wording of refusals.
 */
export function dialogRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const { forUser } = createResourceRoutes(state, answer);

  const create: HandleResource = (call) => {
    const type = Number(textOf(call.body, 'type'));
    const ids = idsOf(call.body, 'occupants_ids').filter((id) => id !== call.userId);
    const unknown = ids.filter((id) => !call.application.users.has(id));
    const errors: Record<string, string[]> = {};
    if (![1, 2, 3].includes(type)) errors['type'] = ['is not included in the list'];
    if (unknown.length > 0) errors['occupants_ids'] = ['has unknown users'];
    if (type === 3 && ids.length !== 1) errors['occupants_ids'] = ['must name one user'];
    if (!call.exchange.check('values', Object.keys(errors).length === 0)) return call.answer(422, { errors });
    const known = type === 3 ? privateDialog(call.application.resources, [call.userId, ...ids]) : undefined;
    const dialog = known ?? openDialog(state, call, { type, occupantIds: type === 1 ? [] : ids });
    if (known === undefined) write(dialog, call.body);
    return call.answer(201, dialogBody(call, dialog));
  };

  const list: HandleResource = (call) => {
    const own = [...call.application.resources.dialogs.values()].filter(({ occupantIds }) =>
      occupantIds.has(call.userId),
    );
    const toBody = (dialog: LiveDialog): object => dialogBody(call, dialog);
    const found = search(own, call.exchange.url.searchParams, toBody);
    return answerStretch(call, found, { toBody, maxPageSize: state.settings.maxPageSize, total: 'told' });
  };

  const update: HandleResource = (call) =>
    withDialog(call, (dialog) => {
      for (const id of idsOf(groupOf(call.body, 'push_all'), 'occupants_ids')) {
        if (call.application.users.has(id)) dialog.occupantIds.add(id);
      }
      for (const id of idsOf(groupOf(call.body, 'pull_all'), 'occupants_ids')) dialog.occupantIds.delete(id);
      write(dialog, call.body);
      dialog.updatedAtMs = call.exchange.nowMs;
      return call.answer(200, dialogBody(call, dialog));
    });

  const remove: HandleResource = (call) =>
    answerDeletion(state, call, (id) => {
      const { dialogs } = call.application.resources;
      const dialog = dialogs.get(id);
      if (dialog === undefined || !mayRead(call, dialog)) return 'NotFound';
      if (!isForced(call)) dialog.occupantIds.delete(call.userId);
      else if (dialog.ownerId === call.userId) dialogs.delete(id);
      else return 'WrongPermissions';
      return 'SuccessfullyDeleted';
    });

  const notifications = (call: ResourceCall, dialog: LiveDialog): Response =>
    call.answer(200, { notifications: { enabled: dialog.mutedBy.has(call.userId) ? 0 : 1 } });

  const setNotifications: HandleResource = (call) =>
    withDialog(call, (dialog) => {
      if (textOf(call.body, 'enabled') === '0') dialog.mutedBy.add(call.userId);
      else dialog.mutedBy.delete(call.userId);
      return notifications(call, dialog);
    });

  return [
    forUser('POST', '/chat/Dialog.json', create),
    forUser('GET', '/chat/Dialog.json', list),
    forUser('GET', '/chat/Dialog/:id', (call) =>
      withDialog(call, (dialog) => call.answer(200, dialogBody(call, dialog))),
    ),
    forUser('PUT', '/chat/Dialog/:id', update),
    forUser('DELETE', '/chat/Dialog/:id', remove),
    forUser('GET', '/chat/Dialog/:id/notifications.json', (call) =>
      withDialog(call, (dialog) => notifications(call, dialog)),
    ),
    forUser('PUT', '/chat/Dialog/:id/notifications.json', setNotifications),
  ];
}

/** Whether a deletion is meant for everyone: in the body, as the reference shows, or in the query. */
export function isForced({ body, exchange }: ResourceCall): boolean {
  return (textOf(body, 'force') ?? exchange.url.searchParams.get('force')) === '1';
}

/** Whether the user is in a dialog, or may join it. */
export function mayRead({ userId }: ResourceCall, { type, occupantIds }: LiveDialog): boolean {
  return type === 1 || occupantIds.has(userId);
}

/** The private dialog of two users. */
export function privateDialog({ dialogs }: Resources, userIds: readonly number[]): LiveDialog | undefined {
  return [...dialogs.values()].find(
    ({ type, occupantIds }) => type === 3 && userIds.every((id) => occupantIds.has(id)),
  );
}

/** Opens a dialog of the caller's. */
export function openDialog(
  { random }: EmulatorState,
  { application, userId, exchange }: ResourceCall,
  { type, occupantIds }: { readonly type: number; readonly occupantIds: readonly number[] },
): LiveDialog {
  const dialog: LiveDialog = {
    id: createId(random),
    type,
    ownerId: userId,
    createdAtMs: exchange.nowMs,
    updatedAtMs: exchange.nowMs,
    name: null,
    photo: null,
    data: undefined,
    occupantIds: new Set([userId, ...occupantIds]),
    mutedBy: new Set(),
  };
  application.resources.dialogs.set(dialog.id, dialog);
  return dialog;
}

/** The messages of a dialog that the user can see, oldest first. */
export function messagesOf({ application, userId }: ResourceCall, dialogId: string): LiveMessage[] {
  const all = [...application.resources.messages.values()];
  return all.filter((message) => message.dialogId === dialogId && !message.hiddenFrom.has(userId));
}

function withDialog(call: ResourceCall, act: (dialog: LiveDialog) => Response): Response {
  const dialog = call.application.resources.dialogs.get(call.param('id'));
  if (dialog === undefined) return call.refuse(404, 'Dialog not found');
  return call.exchange.check('occupant', mayRead(call, dialog)) ? act(dialog) : call.refuse(403, 'Forbidden');
}

function write(dialog: LiveDialog, body: Body): void {
  dialog.name = textOf(body, 'name') ?? dialog.name;
  dialog.photo = textOf(body, 'photo') ?? dialog.photo;
  if (body['data'] !== undefined) dialog.data = { ...dialog.data, ...groupOf(body, 'data') };
}

/** A dialog as it is told: the members of the reference's dialog model. */
function dialogBody(call: ResourceCall, dialog: LiveDialog): object {
  const messages = messagesOf(call, dialog.id);
  const last = messages.at(-1);
  return {
    _id: dialog.id,
    type: dialog.type,
    name: dialog.name,
    user_id: dialog.ownerId,
    occupants_ids: [...dialog.occupantIds],
    photo: dialog.photo,
    xmpp_room_jid:
      dialog.type === 3 ? null : `${call.application.settings.id}_${dialog.id}@muc.${call.exchange.url.hostname}`,
    last_message: last?.text ?? null,
    last_message_id: last?.id ?? null,
    last_message_user_id: last?.senderId ?? null,
    last_message_date_sent: last === undefined ? null : Math.floor(last.createdAtMs / 1000),
    unread_messages_count: messages.filter(({ readBy }) => !readBy.has(call.userId)).length,
    ...(dialog.data === undefined ? {} : { data: dialog.data }),
    created_at: isoSeconds(dialog.createdAtMs),
    updated_at: isoSeconds(dialog.updatedAtMs),
  };
}

import type { EmulatorRoute } from '@x/http/emulator';
import { type Answer, isoSeconds } from './answers.ts';
import { textOf } from './body.ts';
import { answerDeletion } from './deletion.ts';
import { isForced, mayRead, messagesOf, openDialog, privateDialog } from './dialog-routes.ts';
import { answerStretch } from './paging.ts';
import { createResourceRoutes, type HandleResource, type ResourceCall } from './resource-route.ts';
import type { LiveDialog, LiveMessage } from './resource-state.ts';
import { search } from './search.ts';
import { createId, type EmulatorState } from './state.ts';

/** Parameters that are not the application's own. */
const known = ['chat_dialog_id', 'recipient_id', 'message', 'attachments', 'send_to_chat', 'markable'];

/**
 * `/chat/Message`: the history of dialogs.
 *
 * Documented: the paths, that listing marks as read, what it lists, unless `mark_as_read=0`, that a dialog is made for a recipient who
 * has none, custom parameters, that a deletion holds for the user alone unless it is forced (QuickBlox fact sheet §7
 * and §8, and today's reference). Assumed: that only the sender may change a message or force its deletion.
 */
export function messageRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const { forUser } = createResourceRoutes(state, answer);

  const create: HandleResource = (call) => {
    const dialog = dialogFor(call);
    if (dialog instanceof Response) return dialog;
    const { body, exchange, userId, application } = call;
    const message: LiveMessage = {
      id: createId(state.random),
      dialogId: dialog.id,
      senderId: userId,
      recipientId: dialog.type === 3 ? ([...dialog.occupantIds].find((id) => id !== userId) ?? null) : null,
      createdAtMs: exchange.nowMs,
      updatedAtMs: exchange.nowMs,
      text: textOf(body, 'message') ?? null,
      attachments: body['attachments'] ?? [],
      custom: Object.fromEntries(Object.entries(body).filter(([name]) => !known.includes(name))),
      readBy: new Set([userId]),
      deliveredTo: new Set([userId]),
      hiddenFrom: new Set(),
    };
    application.resources.messages.set(message.id, message);
    return call.answer(201, messageBody(message));
  };

  /** The dialog that a message is for, or the refusal. */
  function dialogFor(call: ResourceCall): LiveDialog | Response {
    const { resources, users } = call.application;
    const dialogId = textOf(call.body, 'chat_dialog_id');
    const recipientId = Number(textOf(call.body, 'recipient_id'));
    if (dialogId === undefined && users.has(recipientId)) {
      const found = privateDialog(resources, [call.userId, recipientId]);
      return found ?? openDialog(state, call, { type: 3, occupantIds: [recipientId] });
    }
    const dialog = resources.dialogs.get(dialogId ?? '');
    if (dialog === undefined) return call.refuse(404, 'Dialog not found');
    return call.exchange.check('occupant', mayRead(call, dialog)) ? dialog : call.refuse(403, 'Forbidden');
  }

  const list: HandleResource = (call) => {
    const { searchParams } = call.exchange.url;
    const dialog = call.application.resources.dialogs.get(searchParams.get('chat_dialog_id') ?? '');
    if (dialog === undefined) return call.answer(422, { errors: { chat_dialog_id: ['is not valid'] } });
    if (!call.exchange.check('occupant', mayRead(call, dialog))) return call.refuse(403, 'Forbidden');
    const found = search(messagesOf(call, dialog.id), searchParams, messageBody);
    const { maxPageSize } = state.settings;
    const leaves = searchParams.get('mark_as_read') === '0';
    const toBody = (message: LiveMessage): object => {
      const body = messageBody(message);
      if (!leaves) message.readBy.add(call.userId);
      return body;
    };
    return answerStretch(call, found, { toBody, maxPageSize, total: 'untold' });
  };

  const get: HandleResource = (call) => withMessage(call, (message) => call.answer(200, messageBody(message)));

  const update: HandleResource = (call) =>
    withMessage(call, (message) => {
      const text = textOf(call.body, 'message');
      const isOwn = message.senderId === call.userId;
      if (text !== undefined && !call.exchange.check('sender', isOwn)) return call.refuse(403, 'Forbidden');
      if (text !== undefined) message.text = text;
      if (textOf(call.body, 'read') === '1') message.readBy.add(call.userId);
      if (textOf(call.body, 'delivered') === '1') message.deliveredTo.add(call.userId);
      message.updatedAtMs = call.exchange.nowMs;
      return call.answer(200);
    });

  const remove: HandleResource = (call) =>
    answerDeletion(state, call, (id) => {
      const message = find(call, id);
      if (message === undefined) return 'NotFound';
      if (!isForced(call)) message.hiddenFrom.add(call.userId);
      else if (message.senderId === call.userId) call.application.resources.messages.delete(id);
      else return 'WrongPermissions';
      return 'SuccessfullyDeleted';
    });

  const unread: HandleResource = (call) => {
    const asked = call.exchange.url.searchParams.get('chat_dialog_ids')?.split(',') ?? [];
    const own = [...call.application.resources.dialogs.values()].filter((dialog) =>
      dialog.occupantIds.has(call.userId),
    );
    const counts = own
      .filter(({ id }) => asked.length === 0 || asked.includes(id))
      .map(({ id }) => [id, messagesOf(call, id).filter(({ readBy }) => !readBy.has(call.userId)).length] as const);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    return call.answer(200, { total, ...(asked.length === 0 ? {} : Object.fromEntries(counts)) });
  };

  return [
    forUser('POST', '/chat/Message.json', create),
    forUser('GET', '/chat/Message.json', list),
    forUser('GET', '/chat/Message/unread.json', unread),
    forUser('GET', '/chat/Message/:id', get),
    forUser('PUT', '/chat/Message/:id', update),
    forUser('DELETE', '/chat/Message/:id', remove),
  ];
}

/** A message that the user can see. */
function find(call: ResourceCall, id: string): LiveMessage | undefined {
  const { messages, dialogs } = call.application.resources;
  const message = messages.get(id);
  const dialog = dialogs.get(message?.dialogId ?? '');
  const isSeen = dialog !== undefined && mayRead(call, dialog) && message?.hiddenFrom.has(call.userId) === false;
  return isSeen ? message : undefined;
}

function withMessage(call: ResourceCall, act: (message: LiveMessage) => Response): Response {
  const message = find(call, call.param('id'));
  return message === undefined ? call.refuse(404, 'Message not found') : act(message);
}

/** A message as it is told: the members of the reference's message model, and the application's own. */
function messageBody(message: LiveMessage): object {
  return {
    ...message.custom,
    _id: message.id,
    chat_dialog_id: message.dialogId,
    message: message.text,
    sender_id: message.senderId,
    recipient_id: message.recipientId,
    date_sent: Math.floor(message.createdAtMs / 1000),
    attachments: message.attachments,
    read: message.readBy.size > 1 ? 1 : 0,
    read_ids: [...message.readBy],
    delivered_ids: [...message.deliveredTo],
    created_at: isoSeconds(message.createdAtMs),
    updated_at: isoSeconds(message.updatedAtMs),
  };
}

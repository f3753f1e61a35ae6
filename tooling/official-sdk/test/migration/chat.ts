import {
  createDialog,
  createMessage,
  getUnreadCounts,
  listDialogs,
  listMessages,
  updateDialog,
} from '@x/quickblox/resources';
import { quickblox, session } from './quickblox.ts';

const { client } = session;
const dialog = await createDialog(client, { type: 2, name: 'Support', occupants_ids: [8] });
await updateDialog(client, { id: dialog._id, changes: { name: 'Support, night shift' } });
await createMessage(client, { chat_dialog_id: dialog._id, message: 'Good evening', send_to_chat: 1 });

const otto = quickblox.server({ onBehalfOf: 8 });
console.log(await getUnreadCounts(otto.client, [dialog._id]));
for await (const { name } of listDialogs(otto.client, { filter: { type: { in: [2, 3] } } })) console.log(name);
for await (const { message } of listMessages(otto.client, { dialogId: dialog._id, limit: 50 })) console.log(message);

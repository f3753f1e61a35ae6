import { createPushEvent, createSubscription, listContacts, uploadAddressBook } from '@x/quickblox/resources';
import { session } from './quickblox.ts';

const { client } = session;
await createSubscription(client, {
  notification_channel: 'gcm',
  push_token: { environment: 'production', client_identification_sequence: 'what Firebase knows the device by' },
  device: { platform: 'android', udid: 'what the app knows it by' },
});
const [event] = await createPushEvent(client, {
  notification_type: 'push',
  environment: 'production',
  user: { ids: [8] },
  message: Buffer.from('Good evening').toString('base64'),
});
console.log(event?.id);

await uploadAddressBook(client, { contacts: [{ phone: '380501234567', name: 'Otto' }] });
console.log(await listContacts(client));

import { createRecord, deleteRecords, listRecords, updateRecord } from '@x/quickblox/resources';
import { session } from './quickblox.ts';

const { client } = session;
const className = 'Ticket';
const { _id: id } = await createRecord(client, { className, fields: { title: 'No sound', urgency: 2 } });
await updateRecord(client, { className, id, changes: { urgency: 3 } });
const filter = { urgency: { gte: 3 } };
for await (const { title } of listRecords(client, className, { filter })) console.log(title);
await deleteRecords(client, { className, ids: [id] });

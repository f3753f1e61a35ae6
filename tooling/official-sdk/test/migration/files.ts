import { downloadFile, listFiles, uploadFile } from '@x/quickblox/resources';
import { session } from './quickblox.ts';

const { client } = session;
const content = new Blob(['Good evening'], { type: 'text/plain' });
const { uid } = await uploadFile(client, { name: 'greeting.txt', content_type: 'text/plain', content });
console.log(await (await downloadFile(client, uid)).text());
for await (const { name, size } of listFiles(client)) console.log(name, size);

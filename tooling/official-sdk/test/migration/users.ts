import { createUser, getUserBy, listUsers, updateUser } from '@x/quickblox/resources';
import { quickblox } from './quickblox.ts';

const { client } = quickblox.server();
const user = await createUser(client, { login: 'iris', password: 'an example', tag_list: ['staff', 'night'] });
await updateUser(client, { id: user.id, changes: { full_name: 'Iris' } });
console.log((await getUserBy(client, { login: 'iris' })).full_name);

// Whoever signed up this week: page after page, as far as you read.
const filter = { field: 'created_at', op: 'gt', value: new Date(Date.now() - 7 * 86_400_000) } as const;
for await (const { login } of listUsers(client, { filter, sort: { field: 'id', direction: 'asc' } }))
  console.log(login);

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { application, type Rig, withRig } from '../src/rig.ts';
import type { SdkBuild } from '../src/sdk.ts';

const anna = { login: 'anna', password: 'p@ss w&rd=1+2%20' };

/** Calls that must go well. */
type Call = <Result>(method: string, ...args: readonly unknown[]) => Promise<Result>;

/** Signs Anna in, and gives what calls the SDK for her; the server may complain of what is expected and no more. */
function asAnna(
  build: SdkBuild,
  run: (call: Call, rig: Rig) => Promise<void>,
  expected: readonly string[] = [],
): () => Promise<void> {
  return () =>
    withRig(build, async (rig) => {
      const call: Call = async (method, ...args) => {
        const answer = await rig.sdk.call('qb', method, ...args);
        assert.is(answer.kind, 'called-back', `${method}: ${JSON.stringify(answer)}`);
        if (answer.kind !== 'called-back') throw new Error('unreachable');
        assert.is(answer.error, null, `${method}: ${JSON.stringify(answer.error)}`);
        return answer.result as never;
      };
      const { id, authKey, authSecret } = application;
      const credentials = [id, authKey, authSecret];
      await rig.sdk.init({ instance: 'qb', credentials, config: { endpoints: { api: rig.endpoint } } });
      await call('createSession', anna);
      await run(call, rig);
      assert.equal(rig.complaints(), expected);
    });
}

interface Item {
  readonly _id: string;
  readonly id: number;
  readonly name: string;
  readonly message: string;
  readonly title: string;
}

interface Subscribed {
  readonly subscription: Item;
}

interface List {
  readonly items: readonly Item[];
}

for (const build of ['node', 'browser'] satisfies SdkBuild[]) {
  const real = suite(`official SDK · resources, ${build} build`);

  real(
    'users: finds, signs up, changes and deletes',
    asAnna(build, async (call) => {
      assert.is((await call<Item>('users.get', { login: 'otto' })).id, 8);
      const filter = { field: 'id', param: 'in', value: [7, 8] };
      const order = { sort: 'desc', field: 'id' };
      const { items } = await call<{ items: { user: Item }[] }>('users.listUsers', { filter, order, per_page: 10 });
      assert.equal(items.map(({ user }) => user.id).sort(), [7, 8]);
      assert.type((await call<Item>('users.create', { login: 'iris', password: 'an example' })).id, 'number');
      assert.is((await call<{ full_name: string }>('users.update', 7, { full_name: 'Anna K.' })).full_name, 'Anna K.');
      await call('users.delete', 7);
    }),
  );

  real(
    'dialogs and messages: creates, lists, changes and deletes',
    asAnna(build, async (call) => {
      const dialog = await call<Item>('chat.dialog.create', { type: 2, name: 'Support', occupants_ids: [8] });
      assert.is((await call<Item>('chat.dialog.update', dialog._id, { name: 'Night' })).name, 'Night');
      const dialogs = await call<List>('chat.dialog.list', { type: { in: '2,3' }, sort_desc: 'updated_at' });
      assert.equal(
        dialogs.items.map(({ name }) => name),
        ['Night'],
      );
      const chat_dialog_id = dialog._id;
      const message = await call<Item>('chat.message.create', { chat_dialog_id, message: 'Good evening' });
      const messages = await call<List>('chat.message.list', { chat_dialog_id, sort_desc: 'date_sent', limit: 5 });
      assert.equal(
        messages.items.map((each) => each.message),
        ['Good evening'],
      );
      await call('chat.message.update', message._id, { chat_dialog_id, message: 'Good night' });
      const counts = await call<{ total: number }>('chat.message.unreadCount', { chat_dialog_ids: [dialog._id] });
      assert.is(counts.total, 0);
      await call('chat.message.delete', message._id, { force: 1 });
      await call('chat.dialog.delete', dialog._id, { force: 1 });
    }),
  );

  real(
    'files: creates, lists and deletes',
    asAnna(build, async (call) => {
      const { id } = await call<Item>('content.create', { name: 'a.txt', content_type: 'text/plain', public: true });
      const { items } = await call<{ items: { blob: Item }[] }>('content.list', { page: 1, per_page: 5 });
      assert.equal(
        items.map(({ blob }) => blob.name),
        ['a.txt'],
      );
      assert.is((await call<{ blob: Item }>('content.getInfo', id)).blob.id, id);
      await call('content.delete', id);
    }),
  );

  real(
    'custom objects: creates, lists, changes and deletes',
    asAnna(build, async (call) => {
      const { _id } = await call<Item>('data.create', 'Ticket', { title: 'No sound', urgency: 2 });
      await call('data.update', 'Ticket', { _id, urgency: 3 });
      const { items } = await call<List>('data.list', 'Ticket', { urgency: { gte: 3 } });
      assert.equal(
        items.map(({ title }) => title),
        ['No sound'],
      );
      assert.equal(await call('data.delete', 'Ticket', _id), { deleted: [_id], deletedCount: 1 });
    }),
  );

  real(
    'push notifications: subscribes, sends and ends',
    asAnna(build, async (call) => {
      const subscribed = await call<readonly Subscribed[]>('pushnotifications.subscriptions.create', {
        notification_channel: 'gcm',
        push_token: { environment: 'production', client_identification_sequence: 'a device' },
        device: { platform: 'android', udid: 'its id' },
      });
      assert.is((await call<List>('pushnotifications.subscriptions.list')).items.length, 1);
      const { event } = await call<{ event: Item }>('pushnotifications.events.create', {
        notification_type: 'push',
        environment: 'production',
        user: { ids: [8] },
        message: 'R29vZCBldmVuaW5n',
      });
      await call('pushnotifications.events.get', event.id);
      await call('pushnotifications.events.delete', event.id);
      await call('pushnotifications.subscriptions.delete', subscribed[0]?.subscription.id);
    }),
  );

  real(
    'address book: is empty, then is written and read',
    asAnna(build, async (call, rig) => {
      assert.equal(await call('addressbook.get'), []);
      rig.emulator.journal.clear(); // an empty one is a 404
      await call('addressbook.uploadAddressBook', [{ name: 'Otto', phone: '380501234567' }]);
      assert.equal(
        (await call<Item[]>('addressbook.get')).map(({ name }) => name),
        ['Otto'],
      );
    }),
  );

  real(
    'AI extensions: are asked',
    asAnna(build, async (call) => {
      const answer = await call<{ answer: string }>('ai.answerAssist', 'assistant', 'Where is my order?', []);
      assert.type(answer.answer, 'string');
      assert.type((await call<{ answer: string }>('ai.translate', 'assistant', 'Guten Tag', 'en')).answer, 'string');
    }),
  );

  real(
    'AI gateway: an API key goes out with the token, as the guide says',
    asAnna(
      build,
      async (call) => {
        await call('ai.gateway', 'assistant', [{ role: 'user', content: 'hi' }], { apiKey: 'example-key' });
      },
      ['QB-Token and Authorization were sent together'],
    ),
  );

  if (build === 'node') {
    real(
      'files: uploads content, and sends the token to the storage, as the guide says',
      asAnna(
        build,
        async (call, rig) => {
          const file = Buffer.from('Good evening');
          const given = { file, name: 'a.txt', type: 'text/plain', size: file.length, public: false };
          const { uid } = await call<{ uid: string }>('content.createAndUpload', given);
          const client = rig.quickblox().session({ kind: 'login', ...anna }).client;
          assert.is(await client.get(`blobs/${uid}`).text(), 'Good evening');
        },
        ['a credential was sent to the storage'],
      ),
    );
  }

  real.run();
}

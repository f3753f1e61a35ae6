import { ResponseError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createPushEvent,
  createSubscription,
  deletePushEvent,
  deleteSubscription,
  getPushEvent,
  getPushEventStatus,
  listPushEvents,
  listSubscriptions,
  type NewPushEvent,
  type NewSubscription,
  updatePushEvent,
} from '../../src/resources/push.ts';
import { createClients, recordingClient, settle, testHostile, testRows } from './harness.ts';

const wanted: NewSubscription = {
  notification_channel: 'apns',
  push_token: { environment: 'development', client_identification_sequence: '1054', bundle_identifier: 'com.example' },
  device: { platform: 'ios', udid: '2343' },
};
const subscription = { id: 5, notification_channel: { name: 'apns' }, device: { udid: '2343' }, added: 1 };
const answer = { subscription };
const push: NewPushEvent = {
  notification_type: 'push',
  environment: 'production',
  user: { ids: [7, 8] },
  message: 'payload=eyJ9',
  push_type: 'apns',
};
const event = { id: 30961913, event_type: 'one_shot', date: null, active: true, kind: 'API' };
const page = { current_page: 1, per_page: 100, total_entries: 1 };

const requests = suite('quickblox · push · requests');

testRows(requests, [
  {
    ask: (client) => createSubscription(client, wanted),
    sends: 'POST /subscriptions.json',
    body: wanted,
    answer: [answer],
    gives: [subscription],
  },
  {
    ask: (client) => listSubscriptions(client),
    sends: 'GET /subscriptions.json?page=1&per_page=100',
    answer: { ...page, items: [answer] },
    gives: [subscription],
  },
  {
    ask: (client) => listSubscriptions(client, { page: 1, perPage: 5 }),
    sends: 'GET /subscriptions.json?page=1&per_page=5',
    answer: [answer, answer],
    gives: [subscription, subscription],
  },
  { ask: (client) => deleteSubscription(client, 5), sends: 'DELETE /subscriptions/5.json' },
  {
    ask: (client) => createPushEvent(client, push),
    sends: 'POST /events.json',
    body: { event: { ...push, user: { ids: '7,8' } } },
    answer: { event },
    gives: [event],
  },
  {
    ask: (client) => createPushEvent(client, { ...push, user: { tags: { any: ['a', 'b'], exclude: ['c'] } } }),
    sends: 'POST /events.json',
    body: { event: { ...push, user: { tags: { any: 'a,b', exclude: 'c' } } } },
    answer: [{ event }, { event }],
    gives: [event, event],
  },
  {
    ask: (client) => createPushEvent(client, { ...push, user: { ids: [], tags: { any: [], all: ['a'] } } }),
    sends: 'POST /events.json',
    body: { event: { ...push, user: { tags: { all: 'a' } } } },
    answer: { event },
    gives: [event],
  },
  {
    ask: (client) => listPushEvents(client),
    sends: 'GET /events.json?page=1&per_page=100',
    answer: { ...page, items: [{ event }] },
    gives: [event],
  },
  { ask: (client) => getPushEvent(client, 9), sends: 'GET /events/9.json', answer: { event }, gives: event },
  {
    ask: (client) => updatePushEvent(client, { id: 9, changes: { active: false } }),
    sends: 'PUT /events/9.json',
    body: { event: { active: false } },
    answer: { event },
    gives: event,
  },
  { ask: (client) => deletePushEvent(client, 9), sends: 'DELETE /events/9.json' },
  { ask: (client) => getPushEventStatus(client, 9), sends: 'GET /events/9/status.json', answer: { any: [1] } },
]);

testHostile(requests, {
  createPushEvent: async (client) => {
    const events = await createPushEvent(client, push);
    return events.length === 0 ? getPushEvent(client, 1) : events; // an empty list is an answer of its own
  },
  listPushEvents: (client) => listPushEvents(client),
  getPushEvent: (client) => getPushEvent(client, 9),
  updatePushEvent: (client) => updatePushEvent(client, { id: 9, changes: {} }),
});

requests('refuses ids and lists that cannot be written, without asking', async () => {
  const { client, sent } = recordingClient({});
  await rejects(deleteSubscription(client, 0), RangeError, /id must be a positive integer/);
  await rejects(getPushEvent(client, 0), RangeError, /id must be/);
  await rejects(getPushEventStatus(client, 0), RangeError, /id must be/);
  const user = { tags: { all: ['a,b'] } };
  await rejects(createPushEvent(client, { ...push, user }), TypeError, /tags\.all must not have a comma/);
  const nobody = [{}, { ids: [] }, { tags: {} }, { ids: [], tags: { any: [], all: undefined } }];
  for (const user of nobody) {
    await rejects(createPushEvent(client, { ...push, user: user as never }), TypeError, /^user must have ids or tags$/);
  }
  assert.equal(sent, []);
});

requests.run();

const notifications = suite('quickblox · push · against the emulator');

notifications('subscribes devices of the user’s', async () => {
  const { anna, otto, application } = createClients();
  const [made] = await createSubscription(anna, wanted);
  assert.equal([made?.notification_channel, made?.device?.['platform']], [{ name: 'apns' }, { name: 'ios' }]);
  assert.equal(await settle(listSubscriptions(anna)), [made]);
  assert.equal(await settle(listSubscriptions(otto)), []);
  await rejects(deleteSubscription(otto, made?.id ?? 0), ResponseError, 'http.not-found');
  await deleteSubscription(anna, made?.id ?? 0);
  assert.equal(await settle(listSubscriptions(anna)), []);
  await rejects(createSubscription(anna, {} as never), ResponseError, 'quickblox.validation');
  await rejects(createSubscription(application, wanted), ResponseError, 'quickblox.user-required');
});

notifications('keeps events of the user’s', async () => {
  const { anna, otto } = createClients();
  const [made] = await createPushEvent(anna, push);
  const id = made?.id ?? 0;
  assert.equal(
    [made?.event_type, made?.message, made?.notification_channel],
    ['one_shot', 'payload=eyJ9', { name: 'apns' }],
  );
  const kinds: unknown[] = [];
  for (const when of [{ date: 1_900_000_000 }, { date: 1_900_000_000, period: 86_400 }]) {
    kinds.push((await createPushEvent(anna, { ...push, ...when }))[0]?.event_type);
  }
  assert.equal(kinds, ['fixed_date', 'period_date']);
  assert.is(((await settle(listPushEvents(anna))) as unknown[]).length, 3);
  assert.equal(await settle(listPushEvents(otto)), []);
  assert.is((await updatePushEvent(anna, { id, changes: { active: false, name: 'n' } })).active, false);
  assert.is((await getPushEvent(anna, id)).name, 'n');
  assert.ok((await getPushEventStatus(anna, id))['event']);
  await rejects(getPushEvent(otto, id), ResponseError, 'http.not-found');
  await deletePushEvent(anna, id);
  await rejects(getPushEvent(anna, id), ResponseError, 'http.not-found');
  await rejects(createPushEvent(anna, { user: { ids: [7] } } as never), ResponseError, 'quickblox.validation');
});

notifications.run();

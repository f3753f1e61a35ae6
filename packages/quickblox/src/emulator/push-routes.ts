import type { EmulatorRoute } from '@x/http/emulator';
import { type Answer, isoSeconds } from './answers.ts';
import { groupOf, textOf } from './body.ts';
import { answerPage } from './paging.ts';
import { createResourceRoutes, type HandleResource, type ResourceCall } from './resource-route.ts';
import type { LivePushEvent, LiveSubscription } from './resource-state.ts';
import type { EmulatorState } from './state.ts';

/**
 * `/subscriptions` and `/events`: they are kept, and nothing is pushed to anyone.
 *
 * Documented: the paths and shapes (QuickBlox fact sheet §8, and today's reference). Assumed: that they belong to the
 * user who made them, and the words of a status.
 */
export function pushRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const { forUser } = createResourceRoutes(state, answer);

  const subscribe: HandleResource = (call) => {
    const channel = textOf(call.body, 'notification_channel');
    const { platform, ...device } = groupOf(call.body, 'device');
    const { client_identification_sequence, bundle_identifier } = groupOf(call.body, 'push_token');
    if (!call.exchange.check('values', channel !== undefined && platform !== undefined)) {
      return call.answer(422, { errors: { base: ['notification_channel and device are required'] } });
    }
    const { resources } = call.application;
    const subscription: LiveSubscription = {
      id: resources.nextId,
      userId: call.userId,
      channel: channel ?? '',
      device: { ...device, platform: { name: platform }, client_identification_sequence, bundle_identifier },
    };
    resources.nextId += 1;
    resources.subscriptions.set(subscription.id, subscription);
    return call.answer(201, [subscriptionBody(subscription)]);
  };

  const subscriptions: HandleResource = (call) => {
    const own = [...call.application.resources.subscriptions.values()].filter(({ userId }) => userId === call.userId);
    return answerPage(call, own, { toBody: subscriptionBody, maxPageSize: state.settings.maxPageSize });
  };

  const unsubscribe: HandleResource = (call) => {
    const { subscriptions: all } = call.application.resources;
    const id = Number(call.param('id'));
    if (all.get(id)?.userId !== call.userId) return call.refuse(404, 'Subscription not found');
    all.delete(id);
    return call.answer(200);
  };

  const create: HandleResource = (call) => {
    const wanted = groupOf(call.body, 'event');
    const missing = ['notification_type', 'environment', 'message'].filter(
      (name) => textOf(wanted, name) === undefined,
    );
    if (!call.exchange.check('values', missing.length === 0, missing.join(' ') || undefined)) {
      return call.answer(422, { errors: Object.fromEntries(missing.map((name) => [name, ['is required']])) });
    }
    const { resources } = call.application;
    const event: LivePushEvent = {
      id: resources.nextId,
      userId: call.userId,
      createdAtMs: call.exchange.nowMs,
      fields: { ...wanted },
    };
    resources.nextId += 1;
    resources.pushEvents.set(event.id, event);
    return call.answer(201, eventBody(call, event));
  };

  const events: HandleResource = (call) => {
    const own = [...call.application.resources.pushEvents.values()].filter(({ userId }) => userId === call.userId);
    const toBody = (event: LivePushEvent): object => eventBody(call, event);
    return answerPage(call, own, { toBody, maxPageSize: state.settings.maxPageSize });
  };

  const update: HandleResource = (call) =>
    withEvent(call, (event) => {
      Object.assign(event.fields, groupOf(call.body, 'event'));
      return call.answer(200, eventBody(call, event));
    });

  return [
    forUser('POST', '/subscriptions.json', subscribe),
    forUser('GET', '/subscriptions.json', subscriptions),
    forUser('DELETE', '/subscriptions/:id', unsubscribe),
    forUser('POST', '/events.json', create),
    forUser('GET', '/events.json', events),
    forUser('GET', '/events/:id', (call) => withEvent(call, (event) => call.answer(200, eventBody(call, event)))),
    forUser('PUT', '/events/:id', update),
    forUser('DELETE', '/events/:id', (call) =>
      withEvent(call, ({ id }) => {
        call.application.resources.pushEvents.delete(id);
        return call.answer(200);
      }),
    ),
    forUser('GET', '/events/:id/status.json', (call) =>
      withEvent(call, ({ id }) => call.answer(200, { event: { id, status: 'processed' } })),
    ),
  ];
}

function withEvent(call: ResourceCall, act: (event: LivePushEvent) => Response): Response {
  const event = call.application.resources.pushEvents.get(Number(call.param('id')));
  return event?.userId === call.userId ? act(event) : call.refuse(404, 'Event not found');
}

function subscriptionBody({ id, channel, device }: LiveSubscription): object {
  return { subscription: { id, notification_channel: { name: channel }, device } };
}

/** An event as it is told: the members of the reference's event model. */
function eventBody({ application }: ResourceCall, { id, userId, createdAtMs, fields }: LivePushEvent): object {
  const { date = null, period = null, name = null, message, environment, push_type } = fields;
  const at = isoSeconds(createdAtMs);
  return {
    event: {
      id,
      event_type: fields['event_type'] ?? (period !== null ? 'period_date' : date !== null ? 'fixed_date' : 'one_shot'),
      message,
      date,
      period,
      name,
      occured_count: 0,
      created_at: at,
      updated_at: at,
      end_date: null,
      active: fields['active'] ?? true,
      application_id: application.settings.id,
      user_id: userId,
      kind: 'API',
      environment,
      tag_query: null,
      notification_channel: { name: push_type ?? 'gcm' },
    },
  };
}

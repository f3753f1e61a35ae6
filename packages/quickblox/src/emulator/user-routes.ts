import type { EmulatorRoute } from '@x/http/emulator';
import { type Answer, userBody } from './answers.ts';
import { type Body, groupOf, textOf } from './body.ts';
import { answerPage } from './paging.ts';
import { createResourceRoutes, type HandleResource, type ResourceCall } from './resource-route.ts';
import type { EmulatorState, LiveUser } from './state.ts';
import { searchUsers } from './user-search.ts';

/**
 * `/users`: what a session of the application, a user's session and an API key may do with users.
 *
 * Documented or seen: the paths, the rights, page numbers and wrapping, filters (QuickBlox fact sheet §2, §3.1, §7 and
 * §8). Assumed: the wording of refusals other than `Forbidden. Need user.`, that values must be free across the
 * application, that null takes away what stands
 * for a user elsewhere, and that a deleted user's sessions end.
 */
export function userRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const { open } = createResourceRoutes(state, answer);
  const page = (call: ResourceCall, users: readonly LiveUser[]): Response =>
    answerPage(call, users, { toBody: userBody, maxPageSize: state.settings.maxPageSize });

  const list: HandleResource = (call) => {
    const found = searchUsers(usersOf(call), call.exchange.url.searchParams, ownBody);
    return found === undefined ? call.refuse(422, 'Filter is not valid') : page(call, found);
  };

  const create: HandleResource = (call) => {
    const wanted = groupOf(call.body, 'user');
    const { users } = call.application;
    const errors = validate(wanted, usersOf(call), undefined);
    if (!call.exchange.check('values', Object.keys(errors).length === 0)) return call.answer(422, { errors });
    const { nowMs } = call.exchange;
    const id = Math.max(0, ...users.keys()) + 1;
    const user = { ...written({ id, createdAtMs: nowMs, updatedAtMs: nowMs }, wanted), updatedAtMs: nowMs };
    users.set(id, user);
    return call.answer(201, userBody(user));
  };

  const update: HandleResource = (call) => {
    const { application, exchange } = call;
    return ownOr(call, application.users.get(Number(call.param('id'))), (user) => {
      const wanted = groupOf(call.body, 'user');
      const errors = { ...validate(wanted, usersOf(call), user), ...validatePassword(call, wanted, user) };
      if (!exchange.check('values', Object.keys(errors).length === 0)) return call.answer(422, { errors });
      const changed = { ...written(user, wanted), updatedAtMs: exchange.nowMs };
      application.users.set(user.id, changed);
      return call.answer(200, userBody(changed));
    });
  };

  const remove = (call: ResourceCall, found: LiveUser | undefined): Response =>
    ownOr(call, found, (user) => {
      call.application.users.delete(user.id);
      for (const [token, session] of [...state.sessions]) {
        if (session.application === call.application && session.userId === user.id) state.sessions.delete(token);
      }
      return call.answer(200);
    });

  const byOne =
    (name: string): HandleResource =>
    (call) => {
      const value = call.exchange.url.searchParams.get(name);
      return told(
        call,
        usersOf(call).find((user) => String(ownBody(user)[name] ?? '') === value && value !== ''),
      );
    };

  const byTags: HandleResource = (call) => {
    const tags = (call.exchange.url.searchParams.get('tags') ?? '').split(',');
    return page(
      call,
      usersOf(call).filter((user) => (user.tags ?? []).some((tag) => tags.includes(tag))),
    );
  };

  const byFullName: HandleResource = (call) => {
    const name = (call.exchange.url.searchParams.get('full_name') ?? '').toLowerCase();
    if (name.length < 3) return call.answer(422, { errors: { full_name: ['is too short (minimum is 3 characters)'] } });
    return page(
      call,
      usersOf(call).filter((user) => (user.fullName ?? '').toLowerCase().includes(name)),
    );
  };

  const resetPassword: HandleResource = (call) => {
    const email = call.exchange.url.searchParams.get('email');
    const known = usersOf(call).some((user) => user.email !== undefined && user.email === email);
    return known ? call.answer(200) : call.refuse(404, 'User not found');
  };

  // the reference's paths end in .json, the guide's examples for API keys do not
  return [
    ...['/users.json', '/users'].flatMap((path) => [open('GET', path, list), open('POST', path, create)]),
    ...['login', 'email', 'facebook_id', 'twitter_id'].map((name) =>
      open('GET', `/users/by_${name}.json`, byOne(name)),
    ),
    open('GET', '/users/by_full_name.json', byFullName),
    open('GET', '/users/by_tags.json', byTags),
    open('GET', '/users/password/reset.json', resetPassword),
    open('GET', '/users/external/:id', (call) => told(call, external(call))),
    open('DELETE', '/users/external/:id', (call) => remove(call, external(call))),
    open('GET', '/users/:id', (call) => told(call, call.application.users.get(Number(call.param('id'))))),
    open('PUT', '/users/:id', update),
    open('DELETE', '/users/:id', (call) => remove(call, call.application.users.get(Number(call.param('id'))))),
  ];
}

function usersOf({ application }: ResourceCall): LiveUser[] {
  return [...application.users.values()];
}

function external(call: ResourceCall): LiveUser | undefined {
  return usersOf(call).find(({ externalUserId }) => externalUserId?.toString() === call.param('id'));
}

function told(call: ResourceCall, user: LiveUser | undefined): Response {
  return user === undefined
    ? call.answer(404, { code: 404, message: 'User not found' })
    : call.answer(200, userBody(user));
}

/** Lets a user do something to itself, and an API key to anyone. */
function ownOr(call: ResourceCall, user: LiveUser | undefined, act: (user: LiveUser) => Response): Response {
  const { session, userId, exchange } = call;
  if (!exchange.check('user', session === undefined || userId !== 0)) return call.refuse(422, 'Forbidden. Need user.');
  if (!exchange.check('own user', userId === 0 || userId === user?.id)) return call.refuse(403, 'Forbidden');
  return user === undefined ? call.refuse(404, 'User not found') : act(user);
}

/** A user as it is told, without the wrapping. */
function ownBody(user: LiveUser): Body {
  return groupOf(userBody(user) as Body, 'user');
}

/** What is written of a user, over what is known of it. */
function written(user: LiveUser, wanted: Body): LiveUser {
  const text = (name: string, own: string | undefined): string | undefined => textOf(wanted, name) ?? own;
  const link = (name: string, own: string | undefined): string | undefined =>
    wanted[name] === null ? undefined : text(name, own); // null takes it away
  const linkNumber = (name: string, own: number | undefined): number | undefined => {
    const given = link(name, own?.toString());
    return given === undefined ? undefined : Number(given);
  };
  return {
    ...user,
    login: text('login', user.login),
    email: text('email', user.email),
    password: text('password', user.password),
    fullName: text('full_name', user.fullName),
    phone: text('phone', user.phone),
    website: text('website', user.website),
    facebookId: link('facebook_id', user.facebookId),
    twitterId: link('twitter_id', user.twitterId),
    customData: text('custom_data', user.customData),
    externalUserId: linkNumber('external_user_id', user.externalUserId),
    blobId: linkNumber('blob_id', user.blobId),
    tags: textOf(wanted, 'tag_list')?.split(',').filter(Boolean) ?? user.tags,
  };
}

function validate(wanted: Body, users: readonly LiveUser[], user: LiveUser | undefined): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  const names = ['login', 'email', 'external_user_id', 'facebook_id', 'twitter_id'];
  for (const name of names) {
    const value = textOf(wanted, name);
    const others = users.filter(({ id }) => id !== user?.id);
    if (value !== undefined && others.some((other) => String(ownBody(other)[name]) === value)) {
      errors[name] = ['has already been taken'];
    }
  }
  if (textOf(wanted, 'custom_data') === undefined && wanted['custom_data'] !== undefined) {
    errors['custom_data'] = ['must be text'];
  }
  const isNew = user === undefined;
  if (isNew && textOf(wanted, 'login') === undefined && textOf(wanted, 'email') === undefined) {
    errors['base'] = ['login or email is required'];
  }
  return errors;
}

/** A user who changes its own password must know the one before; an API key need not. */
function validatePassword({ session }: ResourceCall, wanted: Body, user: LiveUser): Record<string, string[]> {
  const old = textOf(wanted, 'old_password');
  if (old !== undefined) return old === user.password ? {} : { old_password: ['is not correct'] };
  const isNeeded = session !== undefined && user.password !== undefined && textOf(wanted, 'password') !== undefined;
  return isNeeded ? { old_password: ['is required'] } : {};
}

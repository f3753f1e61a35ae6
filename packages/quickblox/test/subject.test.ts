import { Secret } from '@x/crypto';
import { property, rejects } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Login } from '../src/login.ts';
import { toSubject } from '../src/subject.ts';

const keys = { authKey: 'key', authSecret: new Secret('authorization secret') };
const subject = suite('quickblox · toSubject');

subject('has nothing to prove the application with but its keys', async () => {
  const { kind, parameters } = toSubject({ kind: 'application' }, keys);
  assert.equal({ kind, parameters: await parameters({}) }, { kind: 'application', parameters: {} });
});

subject('parts users, passwords, kinds and secrets from each other', () => {
  const logins: Login[] = [
    { kind: 'application' },
    { kind: 'login', login: 'anna', password: 'right' },
    { kind: 'login', login: 'anna', password: 'wrong' },
    { kind: 'login', login: 'otto', password: 'right' },
    { kind: 'email', email: 'anna', password: 'right' },
    { kind: 'login', login: 'a&user[password]=b', password: 'c' },
    { kind: 'login', login: 'a', password: 'b&user[password]=c' },
    { kind: 'facebook', token: 't' },
    { kind: 'twitter', token: 't', secret: 's' },
  ];
  const ids = [
    ...logins.map((login) => toSubject(login, keys).id),
    ...[{ authKey: 'another key' }, { authSecret: new Secret('another secret') }].flatMap((other) => [
      toSubject({ kind: 'application' }, { ...keys, ...other }).id,
      toSubject({ kind: 'login', login: 'anna', password: 'right' }, { ...keys, ...other }).id,
      toSubject({ subject: 'anna', read: () => ({ kind: 'facebook', token: 't' }) }, { ...keys, ...other }).id,
    ]),
    toSubject({ subject: 'anna', read: () => ({ kind: 'facebook', token: 't' }) }, keys).id,
    toSubject({ subject: 'otto', read: () => ({ kind: 'facebook', token: 't' }) }, keys).id,
  ];
  assert.is(new Set(ids).size, ids.length);
});

subject('gives one login one name, however it is written', () => {
  const plain = toSubject({ kind: 'login', login: 'anna', password: 'p' }, keys);
  const wrapped = toSubject({ kind: 'login', password: new Secret('p'), login: 'anna' }, keys);
  const custom = toSubject({ kind: 'custom', parameters: { user: { password: 'p', login: 'anna' } } }, keys);
  assert.is(plain.id, wrapped.id);
  assert.is(plain.id, custom.id);
});

subject('keeps what it was given when the caller changes it later', async () => {
  const parameters: Record<string, string> = { 'user[login]': 'anna', 'user[password]': 'p' };
  const { parameters: read } = toSubject({ kind: 'custom', parameters }, keys);
  parameters['user[login]'] = 'otto';
  assert.is((await read({}))['user[login]'], 'anna');
});

subject('asks a source each time', async () => {
  let count = 0;
  const { kind, parameters } = toSubject(
    { subject: 'anna', read: async () => ({ kind: 'facebook', token: `token ${++count}` }) },
    keys,
  );
  assert.is(kind, 'user');
  assert.is((await parameters({}))['keys'] !== undefined, true);
  assert.equal((await parameters({}))['keys'], { token: 'token 2', secret: undefined });
});

subject('refuses a source that is incomplete, or gives no user', async () => {
  const read = () => ({ kind: 'application' }) as never;
  assert.throws(() => toSubject({ subject: '', read }, keys), /login\.subject must be text/);
  assert.throws(() => toSubject({ subject: 'a', read: 'b' } as never, keys), /login\.read must be a function/);
  const mixed = { kind: 'login', subject: 'a', read: () => ({ kind: 'facebook', token: 't' }) };
  assert.throws(() => toSubject(mixed as never, keys), /login\.kind does not belong to a source/);
  await rejects(toSubject({ subject: 'a', read }, keys).parameters({}), TypeError, /must give the login of a user/);
  const empty = () => ({ kind: 'login', login: 'a', password: '' }) as const;
  await rejects(toSubject({ subject: 'a', read: empty }, keys).parameters({}), TypeError, /login\.password/);
});

subject.run();

const properties = suite('quickblox · toSubject · properties');

properties('shows neither login nor password', () =>
  property(
    fc.property(fc.stringMatching(/^[a-z]{8,20}$/), fc.stringMatching(/^[a-z]{8,20}$/), (login, password) => {
      const { id } = toSubject({ kind: 'login', login, password }, keys);
      assert.match(id, /^[\w-]{43}$/);
      assert.not.ok(id.includes(login) || id.includes(password));
    }),
  ),
);

properties.run();

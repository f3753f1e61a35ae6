import { Secret } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertLogin, type Login, toLoginBody, toParameters } from '../src/login.ts';

const check = suite('quickblox · assertLogin');

const accepted: readonly Login[] = [
  { kind: 'application' },
  { kind: 'login', login: 'anna', password: 'p' },
  { kind: 'login', login: 'anna', password: new Secret('p') },
  { kind: 'email', email: 'anna@example.com', password: 'p' },
  { kind: 'facebook', token: 't' },
  { kind: 'facebook', token: 't', secret: 's', scope: 'friends_status' },
  { kind: 'facebook', token: 't', secret: undefined },
  { kind: 'login', login: 'anna', password: 'p', email: undefined } as never,
  { kind: 'application', login: undefined } as never,
  { kind: 'twitter', token: 't', secret: 's' },
  { kind: 'firebase-phone', projectId: 'p', accessToken: new Secret('a') },
  { kind: 'identity-provider', userId: 'external', token: 't' },
  { kind: 'identity-provider', email: 'anna@example.com', token: new Secret('t') },
  { kind: 'provider', provider: 'firebase_email', parameters: { firebase_email: { access_token: 'a' } } },
  { kind: 'provider', provider: 'other', parameters: { superuser: { id: 7 } } },
  { kind: 'provider', provider: 'other', parameters: { keys: { token: new Secret('t') } } },
  { kind: 'custom', parameters: { user: { login: 'external', password: 'token' } } },
  { kind: 'custom', parameters: { provider: 'other', other: { id: 7 } } },
];
for (const [index, login] of accepted.entries()) {
  check(`takes ${login.kind}, case ${index}`, () => assert.not.throws(() => assertLogin(login)));
}

const refused: readonly [what: string, login: unknown, text: RegExp][] = [
  ['nothing', undefined, /^login must be an object whose kind is one of application, login, .*, custom$/],
  ['text', 'anna', /^login must be an object/],
  [
    'no kind',
    { login: 'anna', password: 'p' },
    /^login\.kind must be one of application, login, email, .*, provider, custom$/,
  ],
  ['an unknown kind', { kind: 'twitter-digits' }, /^login\.kind must be/],
  ['a kind that objects have', { kind: 'constructor' }, /^login\.kind must be/],
  [
    'an application with a user',
    { kind: 'application', login: 'a' },
    /^login\.login does not belong to kind 'application'$/,
  ],
  [
    'login and e-mail',
    { kind: 'login', login: 'a', password: 'p', email: 'e' },
    /^login\.email does not belong to kind 'login'$/,
  ],
  [
    'e-mail and login',
    { kind: 'email', login: 'a', password: 'p', email: 'e' },
    /^login\.login does not belong to kind 'email'$/,
  ],
  ['password and token', { kind: 'facebook', token: 't', password: 'p' }, /^login\.password does not belong/],
  ['no password', { kind: 'login', login: 'a' }, /^login\.password must be text that is not empty$/],
  ['an empty password', { kind: 'login', login: 'a', password: '' }, /^login\.password must be text/],
  ['an undefined password', { kind: 'login', login: 'a', password: undefined }, /^login\.password must be text/],
  ['an empty login', { kind: 'login', login: '', password: 'p' }, /^login\.login must be text/],
  ['a login that is a number', { kind: 'login', login: 7, password: 'p' }, /^login\.login must be text/],
  [
    'a login that is a Secret',
    { kind: 'login', login: new Secret('a'), password: 'p' },
    /^login\.login must be text that is not empty$/,
  ],
  ['a lone surrogate', { kind: 'login', login: '\ud800', password: 'p' }, /^login\.login must be text/],
  ['no e-mail', { kind: 'email', password: 'p' }, /^login\.email must be/],
  ['no Facebook token', { kind: 'facebook' }, /^login\.token must be/],
  ['a Twitter token alone', { kind: 'twitter', token: 't' }, /^login\.secret must be/],
  ['no Firebase project', { kind: 'firebase-phone', accessToken: 'a' }, /^login\.projectId must be/],
  ['no Firebase token', { kind: 'firebase-phone', projectId: 'p' }, /^login\.accessToken must be/],
  ['no external name', { kind: 'identity-provider', token: 't' }, /^login\.userId or login\.email must be given$/],
  [
    'two external names',
    { kind: 'identity-provider', userId: 'a', email: 'b', token: 't' },
    /^login\.userId excludes login\.email$/,
  ],
  ['no external token', { kind: 'identity-provider', userId: 'a' }, /^login\.token must be text/],
  [
    'an external token as a password',
    { kind: 'identity-provider', userId: 'a', token: 't', password: 't' },
    /^login\.password does not belong to kind 'identity-provider'$/,
  ],
  ['an unnamed provider', { kind: 'provider', parameters: { keys: { token: 't' } } }, /^login\.provider must be text/],
  [
    'a provider and nothing else',
    { kind: 'provider', provider: 'x', parameters: {} },
    /^login\.parameters must not be/,
  ],
  ...(
    [
      ['facebook', 'facebook'],
      ['twitter', 'twitter'],
      ['firebase_phone', 'firebase-phone'],
    ] as const
  ).map(([provider, kind]): [string, unknown, RegExp] => [
    `the provider ${provider}, which has a kind of its own`,
    { kind: 'provider', provider, parameters: { keys: { token: 't' } } },
    new RegExp(`^login\\.provider must not be '${provider}', which is kind '${kind}'$`),
  ]),
  [
    'a provider and a password',
    { kind: 'provider', provider: 'x', parameters: { user: { login: 'a', password: 'b' } } },
    /^login\.parameters\.user does not belong to kind 'provider'$/,
  ],
  [
    'a provider and a user as text',
    { kind: 'provider', provider: 'x', parameters: { user: 'a' } },
    /^login\.parameters\.user does not belong to kind 'provider'$/,
  ],
  [
    'two providers',
    { kind: 'provider', provider: 'x', parameters: { provider: 'y', keys: { token: 't' } } },
    /^login\.parameters\.provider is set by login\.provider$/,
  ],
  ...[undefined, null, 'a=b', ['a']].map((parameters): [string, unknown, RegExp] => [
    `parameters that are ${JSON.stringify(parameters)}`,
    { kind: 'custom', parameters },
    /^login\.parameters must be an object with parameters by name$/,
  ]),
  ['no parameters', { kind: 'custom' }, /^login\.parameters must be an object with parameters by name$/],
  ...[
    { user: { login: 'a', email: 'b', password: 'c' } },
    { 'user[login]': 'a', user: { email: 'b', password: 'c' } },
  ].map((parameters): [string, unknown, RegExp] => [
    `a user by login and by e-mail in ${Object.keys(parameters).length}`,
    { kind: 'custom', parameters },
    /^login\.parameters\.user\[login\] excludes login\.parameters\.user\[email\]$/,
  ]),
  ...['login', 'email', 'password'].map((name): [string, unknown, RegExp] => [
    `a ${name} outside the group of the user`,
    { kind: 'custom', parameters: { [name]: 'x' } },
    new RegExp(`^login\\.parameters\\.${name} must be in the group user: \\{ user: \\{ ${name} \\} \\}$`),
  ]),
  ['empty parameters', { kind: 'custom', parameters: {} }, /^login\.parameters must not be empty$/],
  ['only absent parameters', { kind: 'custom', parameters: { a: undefined } }, /^login\.parameters must not be empty$/],
  [
    'an empty parameter',
    { kind: 'custom', parameters: { user: { login: '' } } },
    /^login\.parameters\.user\[login\] must/,
  ],
  ...['application_id', 'auth_key', 'nonce', 'timestamp', 'signature'].map((name): [string, unknown, RegExp] => [
    `the reserved parameter ${name}`,
    { kind: 'custom', parameters: { a: 'b', [name]: 'x' } },
    new RegExp(`^login\\.parameters\\.${name} is set by`),
  ]),
];
for (const [what, login, text] of refused) {
  check(`refuses ${what} by name`, () => {
    assert.throws(
      () => assertLogin(login as Login),
      (error: Error) => error instanceof TypeError && text.test(error.message),
    );
  });
}

check('never tells a value', () => {
  const login = { kind: 'login', login: 'marker-login', password: 'marker-password', email: 'marker-mail' };
  try {
    assertLogin(login as never);
  } catch (error) {
    return assert.not.match(String((error as Error).stack), /marker-/);
  }
  assert.unreachable('the mix was accepted');
});

check.run();

const write = suite('quickblox · toParameters and toLoginBody');

const written: readonly [login: Login, parameters: object, body: [string, string][]][] = [
  [{ kind: 'application' }, {}, []],
  [
    { kind: 'login', login: 'anna', password: new Secret('p') },
    { user: { login: 'anna', password: 'p' } },
    [
      ['login', 'anna'],
      ['password', 'p'],
    ],
  ],
  [
    { kind: 'email', email: 'a+b@example.com', password: 'p' },
    { user: { email: 'a+b@example.com', password: 'p' } },
    [
      ['email', 'a+b@example.com'],
      ['password', 'p'],
    ],
  ],
  [
    { kind: 'facebook', token: 't' },
    { provider: 'facebook', keys: { token: 't', secret: undefined }, scope: undefined },
    [
      ['provider', 'facebook'],
      ['keys[token]', 't'],
    ],
  ],
  [
    { kind: 'facebook', token: new Secret('t'), secret: 's', scope: 'friends_status' },
    { provider: 'facebook', keys: { token: 't', secret: 's' }, scope: 'friends_status' },
    [
      ['provider', 'facebook'],
      ['keys[token]', 't'],
      ['keys[secret]', 's'],
      ['scope', 'friends_status'],
    ],
  ],
  [
    { kind: 'twitter', token: 't', secret: 's' },
    { provider: 'twitter', keys: { token: 't', secret: 's' } },
    [
      ['provider', 'twitter'],
      ['keys[token]', 't'],
      ['keys[secret]', 's'],
    ],
  ],
  [
    { kind: 'firebase-phone', projectId: 'p', accessToken: 'a.b' },
    { provider: 'firebase_phone', firebase_phone: { project_id: 'p', access_token: 'a.b' } },
    [
      ['provider', 'firebase_phone'],
      ['firebase_phone[project_id]', 'p'],
      ['firebase_phone[access_token]', 'a.b'],
    ],
  ],
  [
    { kind: 'identity-provider', userId: 'x', token: new Secret('t') },
    { user: { login: 'x', email: undefined, password: 't' } },
    [
      ['login', 'x'],
      ['password', 't'],
    ],
  ],
  [
    { kind: 'provider', provider: 'other', parameters: { other: { id: 7 } } },
    { provider: 'other', other: { id: 7 } },
    [
      ['provider', 'other'],
      ['other[id]', '7'],
    ],
  ],
  [
    { kind: 'custom', parameters: { 'user[login]': 'x', extra: 1 } },
    { 'user[login]': 'x', extra: 1 },
    [
      ['login', 'x'],
      ['extra', '1'],
    ],
  ],
  [
    { kind: 'custom', parameters: { 'superuser[id]': 7, 'user[login]x': 'a' } },
    { 'superuser[id]': 7, 'user[login]x': 'a' },
    [
      ['superuser[id]', '7'],
      ['user[login]x', 'a'],
    ],
  ],
];
for (const [login, parameters, body] of written) {
  write(`writes ${login.kind}, nested for a session and bare for a login`, () => {
    assert.equal(toParameters(login), parameters);
    assert.equal(toLoginBody(toParameters(login)), body);
  });
}

write.run();

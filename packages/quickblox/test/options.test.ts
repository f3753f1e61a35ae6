import { Secret, systemClock, systemRandom } from '@x/crypto';
import { memoryStore } from '@x/http/store';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateQuickBloxOptions, readOptions } from '../src/options.ts';

const keys = { applicationId: 76730, authKey: 'ak_key', authSecret: 'as_secret' };
const read = suite('quickblox · readOptions');

read('completes the options with the documented defaults', () => {
  const { keys: sessionKeys, baseUrl, clock, random, platform, ...rest } = readOptions(keys);
  assert.equal([sessionKeys?.authKey, sessionKeys?.authSecret.reveal()], ['ak_key', 'as_secret']);
  assert.is(baseUrl.href, 'https://api.quickblox.com/');
  assert.equal([clock, random], [systemClock, systemRandom]);
  assert.equal(platform, {
    fetch: undefined,
    retry: undefined,
    timeoutMs: undefined,
    onEvent: undefined,
    clock,
    random,
  });
  assert.equal(rest, {
    applicationId: '76730',
    apiKey: undefined,
    accountKey: undefined,
    endpoint: 'fixed',
    rateLimiter: undefined,
    hash: 'sha1',
    bodyEncoding: 'form',
    store: undefined,
    unconfirmed: undefined,
    marginMs: 60_000,
    waitUntil: undefined,
    onEvent: undefined,
  });
});

read('hands every option on as it was given', () => {
  const given = {
    hash: 'sha256',
    bodyEncoding: 'json',
    store: memoryStore(),
    rateLimiter: { acquire: async () => {}, penalize: async () => {} },
    marginMs: 0,
    waitUntil() {},
    onEvent() {},
    clock: () => 7,
    random: (length: number) => new Uint8Array(length),
  } as const;
  const platform = { fetch: globalThis.fetch, retry: { limit: 1 }, timeoutMs: 5 };
  const taken = readOptions({ ...keys, ...given, ...platform });
  for (const [name, value] of Object.entries(given)) assert.is(taken[name as keyof typeof given], value, name);
  const { onEvent, clock, random } = given;
  assert.equal(taken.platform, { ...platform, onEvent, clock, random });
  assert.is(readOptions({ ...keys, marginMs: 3_600_000 }).marginMs, 3_600_000);
});

read('refuses an option that there is not: its value would count for nothing', () => {
  for (const name of ['baseURL', 'timeout', 'aplicationId', 'store_', 'toString']) {
    const given = { ...keys, [name]: 'MARKER' } as CreateQuickBloxOptions;
    assert.throws(
      () => readOptions(given),
      (error: unknown) => error instanceof TypeError && error.message === `${name} is no option`,
    );
  }
});

read('takes the defaults by name as well', () => {
  const { hash, bodyEncoding } = readOptions({ ...keys, hash: 'sha1', bodyEncoding: 'form' });
  assert.equal([hash, bodyEncoding], ['sha1', 'form']);
});

read('has the endpoint discovered with an account key, unless there is a baseUrl', () => {
  const { accountKey, endpoint } = readOptions({ ...keys, accountKey: 'account' });
  assert.equal([accountKey?.reveal(), endpoint], ['account', 'discovered']);
  const baseUrl = 'https://apicustomer.quickblox.com';
  assert.is(readOptions({ ...keys, accountKey: 'account', baseUrl }).endpoint, 'fixed');
  assert.is(readOptions({ ...keys, baseUrl }).endpoint, 'fixed');
});

read('completes guessed paths one by one', () => {
  const guesses = { deleteUserToken: 'users/{userId}/tokens/{token}', flushUserTokens: 'users/{userId}/tokens' };
  const other = '{userId}/a_b-c/{token}.json';
  assert.equal(readOptions({ ...keys, unconfirmed: {} }).unconfirmed, guesses);
  for (const name of ['deleteUserToken', 'flushUserTokens'] as const) {
    assert.equal(readOptions({ ...keys, unconfirmed: { [name]: other } }).unconfirmed, { ...guesses, [name]: other });
  }
});

read('takes an application id in digits, as environments give it', () => {
  assert.is(readOptions({ ...keys, applicationId: '76730' }).applicationId, '76730');
});

read('takes an API key alone', () => {
  const { keys: sessionKeys, apiKey } = readOptions({ applicationId: 1, apiKey: new Secret('key') });
  assert.equal([sessionKeys, apiKey?.reveal()], [undefined, 'key']);
});

const bases = [
  ['https://apicustomer.quickblox.com', 'https://apicustomer.quickblox.com/'],
  ['https://proxy.example/quickblox', 'https://proxy.example/quickblox/'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
  ['http://localhost:8080/', 'http://localhost:8080/'],
  ['http://[::1]:8080/', 'http://[::1]:8080/'],
] as const;
for (const [given, href] of bases) {
  read(`takes ${given} as baseUrl`, () => assert.is(readOptions({ ...keys, baseUrl: given }).baseUrl.href, href));
}

const refused: readonly [what: string, options: unknown, text: RegExp][] = [
  ['nothing', undefined, /^options must be an object$/],
  ['no application', { ...keys, applicationId: undefined }, /^applicationId is missing$/],
  ...[0, -1, 1.5, 2 ** 53, '0', '0x1', '7a', 'a7', '1234567890123456', '', true, ['7']].map(
    (applicationId): [string, unknown, RegExp] => [
      `application ${JSON.stringify(applicationId)}`,
      { ...keys, applicationId },
      /^applicationId must be a positive whole number, or one in digits$/,
    ],
  ),
  ['no keys at all', { applicationId: 1 }, /^authKey and authSecret, or apiKey, must be given$/],
  ['no secret', { applicationId: 1, authKey: 'k' }, /^authSecret must be given together with authKey$/],
  ['no key', { applicationId: 1, authSecret: 's' }, /^authKey must be given together with authSecret$/],
  ['no secret beside an API key', { applicationId: 1, authKey: 'k', apiKey: 'a' }, /^authSecret must be given/],
  ['a key that is a number', { ...keys, authKey: 7 }, /^authKey must be text$/],
  ...['', 'a b', ' a', 'a\n', 'ключ'].map((authKey): [string, unknown, RegExp] => [
    `the key ${JSON.stringify(authKey)}`,
    { ...keys, authKey },
    /^authKey must be visible ASCII text$/,
  ]),
  ['an empty secret', { ...keys, authSecret: '' }, /^authSecret must be text that is not empty, or a Secret$/],
  [
    'a secret with a line end',
    { ...keys, authSecret: 'as_secret\n' },
    /^authSecret must not begin or end with white space$/,
  ],
  ['a secret that is a number', { ...keys, authSecret: 7 }, /^authSecret must be/],
  [
    'an empty API key',
    { ...keys, apiKey: '' },
    /^apiKey must be visible ASCII text or a Secret of it, and not be empty$/,
  ],
  ['an account key that is empty', { ...keys, accountKey: '' }, /^accountKey must be visible ASCII/],
  ...(
    [
      ['null', null],
      ['an empty object', {}],
      ['acquire alone', { acquire() {} }],
      ['penalize alone', { penalize() {} }],
    ] as const
  ).map(([what, rateLimiter]): [string, unknown, RegExp] => [
    `a rate limiter that is ${what}`,
    { ...keys, rateLimiter },
    /^rateLimiter must have acquire and penalize$/,
  ]),
  ['an API key with a line break', { ...keys, apiKey: 'marker\r\nX: y' }, /^apiKey must be/],
  ['an unknown hash', { ...keys, hash: 'md5' }, /^hash must be 'sha1' or 'sha256'$/],
  ['a flag for guessed paths', { ...keys, unconfirmed: true }, /^unconfirmed must be an object of paths$/],
  ['a guess of another call', { ...keys, unconfirmed: { mint: 'a' } }, /^unconfirmed\.mint is no option$/],
  [
    'a path without the user',
    { ...keys, unconfirmed: { flushUserTokens: 'a' } },
    /^unconfirmed\.flushUserTokens must hold \{userId\}$/,
  ],
  [
    'a path that is none',
    { ...keys, unconfirmed: { flushUserTokens: 7 } },
    /^unconfirmed\.flushUserTokens must be text$/,
  ],
  [
    'a path with a query',
    { ...keys, unconfirmed: { deleteUserToken: '{userId}?token={token}' } },
    /^unconfirmed\.deleteUserToken must be a path below baseUrl, without a slash in front or a query$/,
  ],
  [
    'a path that names no token of those to be ended',
    { ...keys, unconfirmed: { deleteUserToken: 'users/{userId}/tokens' } },
    /^unconfirmed\.deleteUserToken must hold \{token\}: all tokens could be ended without$/,
  ],
  ['a path from the root', { ...keys, unconfirmed: { flushUserTokens: '/{userId}' } }, /must be a path below baseUrl/],
  ['an unknown encoding', { ...keys, bodyEncoding: 'xml' }, /^bodyEncoding must be 'form' or 'json'$/],
  ['a store without compareAndSet', { ...keys, store: { get() {}, set() {}, delete() {} } }, /^store must have/],
  ['a store that is none', { ...keys, store: null }, /^store must have get, set, delete and compareAndSet$/],
  ['a fetch that is none', { ...keys, fetch: 'fetch' }, /^fetch must be a function$/],
  ['a clock that is none', { ...keys, clock: 0 }, /^clock must be a function$/],
  ['a random source that is none', { ...keys, random: 0 }, /^random must be a function$/],
  ['a waitUntil that is none', { ...keys, waitUntil: 0 }, /^waitUntil must be a function$/],
  ['a listener that is none', { ...keys, onEvent: 0 }, /^onEvent must be a function$/],
  ['a relative baseUrl', { ...keys, baseUrl: '/api' }, /^baseUrl must be an absolute URL$/],
  ['another scheme', { ...keys, baseUrl: 'ftp://api.example' }, /^baseUrl must be an https: URL;/],
  ['http: on the network', { ...keys, baseUrl: 'http://api.quickblox.com' }, /^baseUrl must be an https: URL;/],
  [
    'http: on a host that begins like loopback',
    { ...keys, baseUrl: 'http://127.0.0.1.example' },
    /^baseUrl must be an https: URL;/,
  ],
  [
    'a baseUrl with a password',
    { ...keys, baseUrl: 'https://u:marker@api.example' },
    /^baseUrl must have neither user info nor/,
  ],
  ['a baseUrl with a query', { ...keys, baseUrl: 'https://api.example/?token=marker' }, /^baseUrl must not have/],
];
for (const [what, options, text] of refused) {
  read(`refuses ${what} by name`, () => {
    assert.throws(
      () => readOptions(options as CreateQuickBloxOptions),
      (error: Error) => error instanceof TypeError && text.test(error.message) && !/marker/.test(error.message),
    );
  });
}

for (const method of ['post', 'POST']) {
  read(`refuses to repeat ${method}`, () => {
    assert.throws(
      () => readOptions({ ...keys, retry: { methods: ['get', method] } }),
      (error: Error) => error instanceof RangeError && /^retry\.methods must not hold post/.test(error.message),
    );
  });
}

read('takes other methods to be repeated', () => {
  assert.equal(readOptions({ ...keys, retry: { methods: ['get'] } }).platform.retry, { methods: ['get'] });
});

for (const marginMs of [-1, 3_600_001, Number.NaN]) {
  read(`refuses a margin of ${marginMs} ms`, () => {
    assert.throws(
      () => readOptions({ ...keys, marginMs }),
      (error: Error) => error instanceof RangeError && /^marginMs must be from 0 to 3600000/.test(error.message),
    );
  });
}

read('takes a store and is frozen', () => {
  const store = memoryStore();
  const options = readOptions({ ...keys, store });
  assert.is(options.store, store);
  assert.ok(Object.isFrozen(options));
});

read.run();

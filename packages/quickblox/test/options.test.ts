import { Secret } from '@x/crypto';
import { memoryStore } from '@x/http/store';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateQuickBloxOptions, readOptions } from '../src/options.ts';

const keys = { applicationId: 76730, authKey: 'ak_key', authSecret: 'as_secret' };
const read = suite('quickblox · readOptions');

read('completes the options with the documented defaults', () => {
  const { applicationId, baseUrl, hash, store, apiKey, marginMs } = readOptions(keys);
  assert.equal(
    { applicationId, baseUrl: baseUrl.href, hash, store, apiKey, marginMs },
    {
      applicationId: '76730',
      baseUrl: 'https://api.quickblox.com/',
      hash: 'sha1',
      store: undefined,
      apiKey: undefined,
      marginMs: 60_000,
    },
  );
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
  ['application 0', { ...keys, applicationId: 0 }, /^applicationId must be/],
  ['half an application', { ...keys, applicationId: 1.5 }, /^applicationId must be/],
  ['an application in hex', { ...keys, applicationId: '0x1' }, /^applicationId must be/],
  ['no keys at all', { applicationId: 1 }, /^authKey and authSecret, or apiKey, must be given$/],
  ['no secret', { applicationId: 1, authKey: 'k' }, /^authSecret must be given together with authKey$/],
  ['no key', { applicationId: 1, authSecret: 's' }, /^authKey must be given together with authSecret$/],
  ['no secret beside an API key', { applicationId: 1, authKey: 'k', apiKey: 'a' }, /^authSecret must be given/],
  ['an empty key', { ...keys, authKey: '' }, /^authKey must be/],
  ['an empty secret', { ...keys, authSecret: '' }, /^authSecret must be/],
  ['a secret that is a number', { ...keys, authSecret: 7 }, /^authSecret must be/],
  ['an empty API key', { ...keys, apiKey: '' }, /^apiKey must be/],
  ['an API key with a line break', { ...keys, apiKey: 'marker\r\nX: y' }, /^apiKey must be/],
  ['an unknown hash', { ...keys, hash: 'md5' }, /^hash must be 'sha1' or 'sha256'$/],
  ['a flag for guessed paths', { ...keys, unconfirmed: true }, /^unconfirmed must be an object of paths$/],
  ['a guess of another call', { ...keys, unconfirmed: { mint: 'a' } }, /^unconfirmed\.mint is no option$/],
  [
    'a path without the user',
    { ...keys, unconfirmed: { flushUserTokens: 'a' } },
    /^unconfirmed\.flushUserTokens must hold/,
  ],
  [
    'a path with a query',
    { ...keys, unconfirmed: { deleteUserToken: '{userId}?token={token}' } },
    /^unconfirmed\.deleteUserToken must be a path below baseUrl/,
  ],
  ['a path from the root', { ...keys, unconfirmed: { flushUserTokens: '/{userId}' } }, /must be a path below baseUrl/],
  ['an unknown encoding', { ...keys, bodyEncoding: 'xml' }, /^bodyEncoding must be 'form' or 'json'$/],
  ['a store without compareAndSet', { ...keys, store: { get() {}, set() {}, delete() {} } }, /^store must have/],
  ['a store that is none', { ...keys, store: null }, /^store must have/],
  ['a fetch that is none', { ...keys, fetch: 'fetch' }, /^fetch must be a function$/],
  ['a clock that is none', { ...keys, clock: 0 }, /^clock must be a function$/],
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

import { generateKey } from '@x/crypto';
import { memoryStore } from '@x/http/store';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHub } from '../src/hub.ts';
import { type CreateHubOptions, productionHub, resolveOptions } from '../src/options.ts';

const given: CreateHubOptions = { app: 'acme', keys: [{ id: 'k1', key: generateKey() }] };
const resolve = suite('options · resolveOptions');

resolve('fills in the defaults', () => {
  const settings = resolveOptions(given);
  const { hubs, redirectOrigins, corsOrigins, linkTtlMs, timeoutMs, deadlineMs, pushIntervalMs, linkSchemes } =
    settings;
  assert.equal([...hubs], [productionHub]);
  assert.equal([...redirectOrigins], []);
  assert.equal([...corsOrigins], [productionHub]);
  assert.equal([...linkSchemes], ['https']);
  assert.equal([linkTtlMs, timeoutMs, deadlineMs, pushIntervalMs], [600_000, 10_000, 5000, 5000]);
  assert.is(settings.tokenTtlMs, undefined);
  assert.is(settings.usernameCanonical('Ann'), 'Ann');
  assert.ok(Object.isFrozen(settings));
});

resolve('reads origins as browsers write them', () => {
  const { hubs, corsOrigins } = resolveOptions({
    ...given,
    hubs: ['HTTPS://Hub.Example:443/', 'https://b.example:8443'],
  });
  assert.equal([...hubs], ['https://hub.example', 'https://b.example:8443']);
  assert.equal([...corsOrigins], [...hubs]);
});

resolve('takes loopback Hubs only by option', () => {
  const hubs = ['http://127.0.0.1:4000', 'http://localhost:4000', 'http://[::1]:4000'];
  assert.throws(() => resolveOptions({ ...given, hubs }), /^hubs\[0\]|hubs\[0\]/);
  assert.equal([...resolveOptions({ ...given, hubs, allowInsecureLoopback: true }).hubs], hubs);
});

const mistakes: readonly [change: object, message: RegExp, type: typeof TypeError | typeof RangeError][] = [
  [{ app: undefined }, /^app is missing$/, TypeError],
  [{ app: '' }, /^app must be/, TypeError],
  [{ app: '..' }, /^app must be/, TypeError],
  [{ app: 1 }, /^app must be/, TypeError],
  [{ keys: undefined }, /^keys is missing$/, TypeError],
  [{ keys: [] }, /^keys must hold/, TypeError],
  [{ keys: [{ id: 'k1', key: 'marker-secret' }] }, /^keys\[0\]\.key must be/, TypeError],
  [{ environment: '' }, /^environment must be/, TypeError],
  [{ hubs: [] }, /^hubs must be at least one origin/, TypeError],
  [{ hubs: 'https://hub.example' }, /^hubs must be a list/, TypeError],
  [{ hubs: ['https://hub.example/v1'] }, /^hubs\[0\] must be an https: origin/, TypeError],
  [{ hubs: ['*'] }, /^hubs\[0\] must be/, TypeError],
  [{ hubs: ['http://hub.example:80'], allowInsecureLoopback: true }, /^hubs\[0\] must be/, TypeError],
  [{ redirectOrigins: ['hub.example'] }, /^redirectOrigins\[0\] must be/, TypeError],
  [{ corsOrigins: ['null'] }, /^corsOrigins\[0\] must be/, TypeError],
  [{ allowInsecureLoopback: 'yes' }, /^allowInsecureLoopback must be/, TypeError],
  [{ revision: '2017-05' }, /^revision must be '2016-11'/, TypeError],
  [{ basePath: 'hub' }, /^basePath must be/, TypeError],
  [{ basePath: '/hub/' }, /^basePath must be/, TypeError],
  [{ basePath: '/a/../b' }, /^basePath must be/, TypeError],
  [{ basePath: '//evil.example' }, /^basePath must be/, TypeError],
  [{ usernameCanonical: 'lower' }, /^usernameCanonical must be a function/, TypeError],
  [{ store: {} }, /^store must have/, TypeError],
  [{ isRevoked: true }, /^isRevoked must be/, TypeError],
  [{ pushFromHandler: 'no' }, /^pushFromHandler must be/, TypeError],
  [{ cookieSameSite: 'Strict' }, /^cookieSameSite must be/, TypeError],
  [{ itemText: 'html' }, /^itemText must be/, TypeError],
  [{ linkSchemes: ['javascript'] }, /^linkSchemes\[0\] must be/, TypeError],
  [{ fetch: 'fetch' }, /^fetch must be/, TypeError],
  [{ onEvent: 'log' }, /^onEvent must be/, TypeError],
  [{ hub: ['https://hub.example'] }, /^hub is no option$/, TypeError],
  [{ tokenTtlMs: 999 }, /^tokenTtlMs must be/, RangeError],
  [{ tokenTtlMs: 315_360_000_001 }, /^tokenTtlMs must be .* from 1000 to 315360000000$/, RangeError],
  [{ tokenTtlMs: '1h' }, /^tokenTtlMs must be a number/, TypeError],
  [{ linkTtlMs: 3_600_001 }, /^linkTtlMs must be/, RangeError],
  [{ timeoutMs: 0 }, /^timeoutMs must be/, RangeError],
  [{ timeoutMs: Number.NaN }, /^timeoutMs must be/, TypeError],
  [{ deadlineMs: 1.5 }, /^deadlineMs must be/, RangeError],
  [{ pushIntervalMs: -1 }, /^pushIntervalMs must be/, RangeError],
];

for (const [change, message, type] of mistakes) {
  resolve(`names the option for ${JSON.stringify(change)}`, () => {
    assert.throws(
      () => createHub({ ...given, ...change } as CreateHubOptions),
      (error: unknown) =>
        error instanceof type && message.test(error.message) && !/marker|evil|hub\.example/.test(error.message),
    );
  });
}

resolve('refuses options that are no object', () => {
  assert.throws(() => createHub(undefined as never), /^TypeError|options must be/);
});

resolve('takes every option together', () => {
  const settings = resolveOptions({
    ...given,
    environment: 'sandbox',
    redirectOrigins: ['https://client.example'],
    corsOrigins: ['https://panel.example'],
    revision: '2016-11',
    basePath: '/hub',
    usernameCanonical: (name) => name.toLowerCase(),
    store: memoryStore(),
    isRevoked: () => false,
    tokenTtlMs: 86_400_000,
    cookieSameSite: 'None',
    itemText: 'raw',
    linkSchemes: ['https', 'tel'],
    pushFromHandler: 'allow',
    pushIntervalMs: 0,
  });
  assert.is(settings.basePath, '/hub');
  assert.is(settings.usernameCanonical('ANN'), 'ann');
});

resolve.run();

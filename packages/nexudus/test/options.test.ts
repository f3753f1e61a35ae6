import { inspect } from 'node:util';
import { Secret } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateNexudusOptions, createNexudus } from '../src/index.ts';
import { resolveInstallPolicy } from '../src/install/install-policy.ts';
import { resolveApiSettings } from '../src/options.ts';
import { resolveSecrets } from '../src/secrets.ts';
import { v1 } from './vectors.ts';

const valid: CreateNexudusOptions = { applicationKey: v1.a, secret: v1.secret };

const options = suite('nexudus · options');

const wrong: readonly (readonly [name: string, value: unknown, Failure: ErrorConstructor])[] = [
  ...[undefined, 7, '', 'a:b', 'a|b', 'a b', 'é', 'a\n', 'x'.repeat(257)].map(
    (value) => ['applicationKey', value, TypeError] as const,
  ),
  ...[undefined, null, '', 7, {}, [], [''], ['good', 7]].map((value) => ['secret', value, TypeError] as const),
  ['secret', 'lone \ud800', RangeError],
  ...[' ', '\n'].map((around) => ['secret', `${v1.secret}${around}`, TypeError] as const),
  ['secret', [v1.secret, ` ${v1.secret}`], TypeError],
  ...['1', 'fifteen-letters', ['fifteen-letters', v1.secret]].map((value) => ['secret', value, RangeError] as const),
  ...['maxAgeMs', 'maxAheadMs'].flatMap((name) => [
    [name, '1', TypeError] as const,
    ...[-1, 0.5, 315_576_000_001, Number.POSITIVE_INFINITY].map((value) => [name, value, RangeError] as const),
    [name, Number.NaN, TypeError] as const,
  ]),
  ['serverOffsetMs', 50_400_001, RangeError],
  ['serverOffsetMs', -50_400_001, RangeError],
  ['serverOffsetMs', 0.5, RangeError],
  ['tokenShape', 'any', TypeError],
  ['clock', 7, TypeError],
  ...[
    'nexudus',
    'http://spaces.nexudus.com/api',
    'ftp://spaces.nexudus.com',
    'https://user:pass@spaces.nexudus.com',
    'https://spaces.nexudus.com?x=1',
    'http://127.0.0.1.example.com',
    7,
  ].map((value) => ['apiUrl', value, TypeError] as const),
  ...['', ' ', 'é', 'a\nb', 7].map((value) => ['userAgent', value, TypeError] as const),
  ['timeoutMs', 0, RangeError],
  ['retry', { limit: 11 }, RangeError],
  ...[null, { limt: 3 }, { statusCodes: 429 }, { methods: [7] }].map((value) => ['retry', value, TypeError] as const),
  ...['fetch', 'random', 'onEvent'].map((name) => [name, 'x', TypeError] as const),
  ['maxAgeMS', 1, TypeError],
];
for (const [name, value, Failure] of wrong) {
  options(`${name} must not be ${inspect(value).slice(0, 40)}`, () => {
    assert.throws(
      () => createNexudus({ ...valid, [name]: value }),
      (error: unknown) => error instanceof Failure && error.message.includes(name) && !error.message.includes('pass@'),
    );
  });
}

options('let an old secret be short that is on its way out', () => {
  assert.type(createNexudus({ ...valid, secret: ['sixteen-letters!', 'old'] }).installation, 'function');
});

options('are refused when there are none', () => {
  assert.throws(
    () => createNexudus(undefined as never),
    (error: unknown) => error instanceof TypeError,
  );
});

options('never show a secret that is refused', () => {
  assert.throws(
    () => resolveSecrets('secret', ['marker-secret\ud800']),
    (error: unknown) => error instanceof RangeError && !inspect(error).includes('marker'),
  );
});

options('have a day either way, no offset, and GUIDs as defaults', () => {
  const { secrets, clock, ...rest } = resolveInstallPolicy(valid);
  assert.equal(rest, {
    applicationKey: v1.a,
    maxAgeMs: 86_400_000,
    maxAheadMs: 86_400_000,
    serverOffsetMs: 0,
    tokenShape: 'guid',
  });
  assert.is(secrets.length, 1);
  assert.ok(Math.abs(clock() - Date.now()) < 60_000);
});

options('take secrets as text, as Secret and as a list', () => {
  const one = new Secret('one');
  assert.equal(
    resolveSecrets('secret', 'one').map((secret) => secret.reveal()),
    ['one'],
  );
  assert.is(resolveSecrets('secret', one)[0], one);
  assert.equal(
    resolveSecrets('secret', [one, 'two']).map((secret) => secret.reveal()),
    ['one', 'two'],
  );
});

options('take https anywhere and http on loopback', () => {
  for (const apiUrl of [
    'https://example.com/api',
    new URL('https://example.com'),
    'http://127.0.0.1:8080/api',
    'http://localhost:1',
    'http://[::1]:1/api',
  ]) {
    assert.is(resolveApiSettings({ ...valid, apiUrl }).apiUrl, new URL(apiUrl).href);
  }
  assert.equal(resolveApiSettings(valid), { apiUrl: 'https://spaces.nexudus.com/api', userAgent: '@x/nexudus' });
});

options.run();

import { inspect } from 'node:util';
import { Secret } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createAuthorizationHandler } from '../src/index.ts';
import { resolveOptions } from '../src/options.ts';

const marker = 'marker-secret-0123456789';
const app = { name: 'mesh-chat', apiUser: 'caller', apiSecret: marker, verifier: () => ({ active: true }) as const };

const options = suite('hypelabs · options');

const wrong: readonly [name: string, options: unknown, type: typeof TypeError | typeof RangeError, message: RegExp][] =
  [
    ['nothing', undefined, TypeError, /options must be an object/],
    ['no apps', {}, TypeError, /apps is missing/],
    ['an empty list', { apps: [] }, TypeError, /apps must not be empty/],
    ['an app without name', { apps: [{ ...app, name: '' }] }, TypeError, /apps\[0\]\.name/],
    ['an empty user', { apps: [{ ...app, apiUser: '' }] }, TypeError, /apps\[0\]\.apiUser/],
    ['an empty secret', { apps: [{ ...app, apiSecret: '' }] }, TypeError, /apps\[0\]\.apiSecret/],
    ['no secret', { apps: [{ ...app, apiSecret: undefined }] }, TypeError, /apps\[0\] must have either apiSecret or/],
    [
      'both secrets',
      { apps: [{ ...app, apiSecrets: [marker] }] },
      TypeError,
      /apps\[0\] must have either apiSecret or/,
    ],
    [
      'a short secret',
      { apps: [{ ...app, apiSecret: 'marker-secret-0' }] },
      RangeError,
      /apiSecret must have at least 16/,
    ],
    [
      'a secret with the line end of its file',
      { apps: [{ ...app, apiSecret: 'marker-secret-of-the-app\n' }] },
      TypeError,
      /apiSecret must not begin or end with white space/,
    ],
    [
      'a short Secret',
      { apps: [{ ...app, apiSecret: new Secret('short') }] },
      RangeError,
      /apiSecret must have at least/,
    ],
    ['an ill-formed secret', { apps: [{ ...app, apiSecret: `${marker}\ud800` }] }, TypeError, /apps\[0\]\.apiSecret/],
    [
      'a short secret in a list',
      { apps: [{ ...app, apiSecret: undefined, apiSecrets: [marker, 'short'] }] },
      RangeError,
      /apps\[0\]\.apiSecrets\[1\]/,
    ],
    ['an empty list of secrets', { apps: [{ ...app, apiSecret: undefined, apiSecrets: [] }] }, TypeError, /apiSecrets/],
    ['no verifier', { apps: [{ ...app, verifier: undefined }] }, TypeError, /apps\[0\]\.verifier is missing/],
    ['a verifier that is no function', { apps: [{ ...app, verifier: {} }] }, TypeError, /verifier must be a function/],
    ['two apps of one user', { apps: [app, { ...app, name: 'b' }] }, TypeError, /apps must differ in apiUser/],
    ['a misspelt option', { apps: [app], realms: 'x' }, TypeError, /realms is no option/],
    ['a misspelt setting', { apps: [{ ...app, apiSecert: marker }] }, TypeError, /apps\[0\]\.apiSecert is no option/],
    ['no token types', { apps: [app], allowedTokenTypes: [] }, TypeError, /allowedTokenTypes must not be empty/],
    [
      'DPoP',
      { apps: [app], allowedTokenTypes: ['Bearer', 'DPoP'] },
      TypeError,
      /allowedTokenTypes\[1\] must not be DPoP/,
    ],
    ['a type with a space', { apps: [app], allowedTokenTypes: ['a b'] }, TypeError, /allowedTokenTypes\[0\]/],
    ['another status', { apps: [app], deniedStatus: 200 }, TypeError, /deniedStatus must be 401 or 403/],
    ['a flag that is text', { apps: [app], acceptForm: 'yes' }, TypeError, /acceptForm must be true or false/],
    ['a realm with a quote', { apps: [app], realm: 'a"b' }, TypeError, /realm/],
    ['a realm with a line break', { apps: [app], realm: 'a\nb' }, TypeError, /realm/],
    ['two scopes in one', { apps: [app], requiredScopes: ['a b'] }, TypeError, /requiredScopes\[0\]/],
    ['no deadline', { apps: [app], deadlineMs: 0 }, RangeError, /deadlineMs must be a whole number from 1/],
    ['half a millisecond', { apps: [app], deadlineMs: 0.5 }, RangeError, /deadlineMs/],
    ['a deadline as text', { apps: [app], deadlineMs: '5000' }, TypeError, /deadlineMs/],
    [
      'a verifier that may outlast the handler',
      { apps: [app], deadlineMs: 9, verifierDeadlineMs: 10 },
      RangeError,
      /at most/,
    ],
    ['a listener that is no function', { apps: [app], onEvent: 'log' }, TypeError, /onEvent must be a function/],
  ];
for (const [name, given, type, message] of wrong) {
  options(`refuses ${name}`, () => {
    assert.throws(
      () => createAuthorizationHandler(given as never),
      (error: unknown) =>
        error instanceof type &&
        error.constructor === type &&
        message.test(error.message) &&
        !inspect(error).includes('marker-secret'),
    );
  });
}

options('completes what is left out', () => {
  const { apps, allowedTokenTypes, clock, isSourceAllowed, ...plain } = resolveOptions({ apps: [app] });
  assert.equal(plain, {
    deniedStatus: 401,
    requireUserIdentifier: false,
    requireBoundUserIdentifier: false,
    acceptForm: false,
    acceptCombinedToken: false,
    requiredScopes: [],
    realm: 'hypelabs',
    deadlineMs: 5000,
    verifierDeadlineMs: 4000,
    onEvent: undefined,
  });
  assert.equal([...allowedTokenTypes], ['bearer']);
  assert.is(typeof clock(), 'number');
  assert.is(isSourceAllowed(new Request('https://a.example')), true);
  assert.is(apps[0]?.apiSecrets[0]?.reveal(), marker);
});

options('keeps the verifier within a short deadline', () => {
  assert.is(resolveOptions({ apps: [app], deadlineMs: 100 }).verifierDeadlineMs, 100);
  assert.is(resolveOptions({ apps: [app], deadlineMs: 9000 }).verifierDeadlineMs, 4000);
  assert.is(resolveOptions({ apps: [app], deadlineMs: 9000, verifierDeadlineMs: 9000 }).verifierDeadlineMs, 9000);
});

options('shows no secret of what was resolved', () => {
  const resolved = resolveOptions({ apps: [app] });
  assert.not.match(inspect(resolved, { depth: 9 }), /marker-secret/);
  assert.not.match(JSON.stringify(resolved), /marker-secret/);
});

options.run();

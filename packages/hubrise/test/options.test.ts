import { Secret } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHubRise } from '../src/hubrise.ts';
import { type CreateHubRiseOptions, readOptions } from '../src/options.ts';
import { clientId, clientSecret } from './support.ts';

const read = suite('hubrise · readOptions');

read('points at the production hosts by default', () => {
  const { oauthUrl, apiUrl } = readOptions({ clientId, clientSecret });
  assert.is(oauthUrl.href, 'https://manager.hubrise.com/oauth2/v1');
  assert.is(apiUrl.href, 'https://api.hubrise.com/v1');
});

read('takes both servers on one loopback port', () => {
  const { oauthUrl, apiUrl } = readOptions({
    clientId,
    clientSecret,
    oauthUrl: 'http://127.0.0.1:4000/oauth2/v1/',
    apiUrl: new URL('http://localhost:4000/v1'),
  });
  assert.is(oauthUrl.href, 'http://127.0.0.1:4000/oauth2/v1/');
  assert.is(apiUrl.href, 'http://localhost:4000/v1');
});

read('keeps a secret as a secret', () => {
  const secret = new Secret(clientSecret);
  assert.is(readOptions({ clientId, clientSecret: secret }).clientSecret, secret);
  assert.is(readOptions({ clientId, clientSecret }).clientSecret.reveal(), clientSecret);
});
read.run();

const create = suite('hubrise · createHubRise');

const marker = 'm4rk3r-s3cr3t';
const mistakes: [name: string, options: unknown, type: typeof TypeError | typeof RangeError, message: RegExp][] = [
  ['nothing', undefined, TypeError, /^options must be an object/],
  ['no client id', { clientSecret: marker }, TypeError, /^clientId is missing/],
  ['an undefined client id', { clientId: undefined, clientSecret: marker }, TypeError, /^clientId is missing/],
  ['an empty client id', { clientId: '', clientSecret: marker }, TypeError, /^clientId must be visible ASCII/],
  ['a colon in the client id', { clientId: 'a:b', clientSecret: marker }, TypeError, /^clientId .* without a colon/],
  ['no secret', { clientId }, TypeError, /^clientSecret is missing/],
  ['an empty secret', { clientId, clientSecret: '' }, TypeError, /^clientSecret must be visible ASCII/],
  ['a secret with a line break', { clientId, clientSecret: `${marker}\n` }, TypeError, /^clientSecret must be visible/],
  ['a secret that is no text', { clientId, clientSecret: { marker } }, TypeError, /^clientSecret must be visible/],
  [
    'a relative OAuth server',
    { clientId, clientSecret: marker, oauthUrl: '/oauth2' },
    TypeError,
    /^oauthUrl must be an abs/,
  ],
  [
    'plain HTTP',
    { clientId, clientSecret: marker, apiUrl: 'http://api.example' },
    TypeError,
    /^apiUrl must be an https:/,
  ],
  [
    'user info',
    { clientId, clientSecret: marker, oauthUrl: `https://a:${marker}@x.example` },
    TypeError,
    /^oauthUrl must have/,
  ],
  [
    'a query',
    { clientId, clientSecret: marker, apiUrl: 'https://x.example/?a=1' },
    TypeError,
    /^apiUrl must not have a query/,
  ],
  ['a fetch that is none', { clientId, clientSecret: marker, fetch: 'fetch' }, TypeError, /^fetch must be a function/],
  ['a listener that is none', { clientId, clientSecret: marker, onEvent: 1 }, TypeError, /^onEvent must be a function/],
  ['another spelling', { clientId, clientSecret: marker, apiURL: marker }, TypeError, /^apiURL is no option$/],
  ['a retry limit below 0', { clientId, clientSecret: marker, retry: { limit: -1 } }, RangeError, /^retry\.limit/],
  ['a timeout of nothing', { clientId, clientSecret: marker, timeoutMs: 0 }, RangeError, /timeoutMs/],
];
for (const [name, options, type, message] of mistakes) {
  create(`names the option for ${name}, and never its value`, () => {
    assert.throws(
      () => createHubRise(options as CreateHubRiseOptions),
      (error: unknown) => error instanceof type && message.test(error.message) && !error.message.includes(marker),
    );
  });
}

create('shows its client id and nothing else of the client', () => {
  const hubrise = createHubRise({ clientId, clientSecret: marker });
  assert.is(hubrise.clientId, clientId);
  assert.not.ok(JSON.stringify(hubrise).includes(marker));
  assert.throws(() => Object.assign(hubrise, { clientId: 'other' }), /read only/);
});

create('refuses a token that cannot be a header field, or was stored without being revealed', () => {
  const hubrise = createHubRise({ clientId, clientSecret });
  for (const token of ['', 'line\nbreak', JSON.parse(JSON.stringify(new Secret('t0k3n')))]) {
    assert.throws(
      () => hubrise.connect(token),
      (error: unknown) => error instanceof TypeError,
    );
  }
});
create.run();

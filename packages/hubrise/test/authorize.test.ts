import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AuthorizeRequest, authorizeUrl, outOfBand } from '../src/authorize.ts';
import { clientId, redirectUri } from './support.ts';

const client = { clientId, oauthUrl: 'https://manager.hubrise.com/oauth2/v1' };

const authorize = suite('hubrise · authorizeUrl');

const vectors: [name: string, request: AuthorizeRequest, href: string][] = [
  [
    'web flow with state',
    { redirectUri, scope: { location: ['orders.write', 'customer_list.write', 'catalog.read'] }, state: 'x y+z' },
    'https://manager.hubrise.com/oauth2/v1/authorize?redirect_uri=https%3A%2F%2Fmyapp.com%2Foauth_callback&client_id=100000000001.clients.hubrise.com&scope=location%5Borders.write%2Ccustomer_list.write%2Ccatalog.read%5D&state=x+y%2Bz',
  ],
  [
    'out of band with prefill and device',
    {
      redirectUri: outOfBand,
      scope: { account: ['all_catalogs.write', 'inventory.write'], profile: 'profile_with_email' },
      country: 'FR',
      accountName: 'Aux Délices',
      locationName: 'Paris',
      deviceId: '100',
    },
    'https://manager.hubrise.com/oauth2/v1/authorize?redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&client_id=100000000001.clients.hubrise.com&scope=account%5Ball_catalogs.write%2Cinventory.write%5D%2Cprofile_with_email&country=FR&account_name=Aux+D%C3%A9lices&location_name=Paris&device_id=100',
  ],
  [
    'known app instance, without a scope',
    { redirectUri, appInstanceId: 'hr1', state: 's' },
    'https://manager.hubrise.com/oauth2/v1/authorize?redirect_uri=https%3A%2F%2Fmyapp.com%2Foauth_callback&client_id=100000000001.clients.hubrise.com&state=s&app_instance_id=hr1',
  ],
];
for (const [name, request, href] of vectors) {
  authorize(`writes the vector: ${name}`, () => assert.is(authorizeUrl(client, request).href, href));
}

authorize('leaves out what is empty in the prefill', () => {
  const request = {
    redirectUri,
    scope: { profile: 'profile' },
    country: '',
    accountName: '',
    locationName: '',
  } as const;
  assert.equal([...authorizeUrl(client, request).searchParams.keys()], ['redirect_uri', 'client_id', 'scope']);
});

authorize('takes the OAuth server with or without a trailing slash', () => {
  const request = { redirectUri, scope: { profile: 'profile' } } as const;
  for (const oauthUrl of ['http://127.0.0.1:4000/oauth2/v1', new URL('http://127.0.0.1:4000/oauth2/v1/')]) {
    const { origin, pathname } = authorizeUrl({ clientId, oauthUrl }, request);
    assert.is(origin + pathname, 'http://127.0.0.1:4000/oauth2/v1/authorize');
  }
});

for (const accepted of [
  'https://myapp.com/oauth_callback?tenant=7',
  'http://localhost:3000/cb',
  'http://127.0.0.1:3000/cb',
  'http://[::1]/cb',
  'http://app.localhost/cb',
]) {
  authorize(`sends ${accepted} back unchanged`, () => {
    const url = authorizeUrl(client, { redirectUri: accepted, scope: { profile: 'profile' } });
    assert.is(url.searchParams.get('redirect_uri'), accepted);
  });
}

const scope = { profile: 'profile' } as const;
const mistakes: [request: object, message: RegExp][] = [
  [{ redirectUri: '/callback', scope }, /^redirectUri must be an absolute URL/],
  [{ redirectUri: ' https://myapp.com/', scope }, /^redirectUri must be an absolute URL/],
  [{ redirectUri: 'https://myapp.com/a\nb', scope }, /^redirectUri must be an absolute URL/],
  [{ redirectUri: 'https:myapp.com/cb', scope }, /^redirectUri must be an absolute URL/],
  [{ redirectUri: 'https:\\\\myapp.com/cb', scope }, /^redirectUri must be an absolute URL/],
  [{ redirectUri: 'http://myapp.com/', scope }, /^redirectUri must be an https: URL/],
  [{ redirectUri: 'http://127.0.0.1.evil.example/', scope }, /^redirectUri must be an https: URL/],
  [{ redirectUri: 'javascript:alert(1)', scope }, /^redirectUri must be an https: URL/],
  [{ redirectUri: 'https://user:pass@myapp.com/', scope }, /^redirectUri must have neither user info/],
  [{ redirectUri: 'https://myapp.com/#x', scope }, /fragment/],
  [{ redirectUri: 'https://myapp.com/?code=1', scope }, /^redirectUri must not have the parameter code/],
  [{ redirectUri: 'https://myapp.com/?state=1', scope }, /parameter state/],
  [{ redirectUri: 'https://myapp.com/?error=1', scope }, /parameter error/],
  [{ redirectUri }, /^scope must be given/],
  [{ redirectUri, scope, appInstanceId: 'hr1' }, /^scope must not be given with appInstanceId/],
  [{ redirectUri, scope: { location: [] } }, /^scope\.location/],
  [{ redirectUri, scope, state: '' }, /^state must not be empty/],
  [{ redirectUri, scope, deviceId: '' }, /^deviceId must not be empty/],
  [{ redirectUri, appInstanceId: '' }, /^appInstanceId must not be empty/],
  [{ redirectUri, scope, country: 'FRA' }, /^country must be two letters/],
];
for (const [request, message] of mistakes) {
  authorize(`names the mistake in ${JSON.stringify(request)}`, () => {
    assert.throws(
      () => authorizeUrl(client, request as AuthorizeRequest),
      (error: unknown) => error instanceof TypeError && message.test(error.message),
    );
  });
}
authorize.run();

const properties = suite('hubrise · authorizeUrl · properties');

properties('any state and names come back out of the query unchanged', async () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  await property(
    fc.property(text, text, (state, accountName) => {
      const { searchParams } = new URL(authorizeUrl(client, { redirectUri, scope, state, accountName }).href);
      assert.is(searchParams.get('state'), state);
      assert.is(searchParams.get('account_name'), accountName);
      assert.is(searchParams.size, 5);
    }),
  );
});
properties.run();

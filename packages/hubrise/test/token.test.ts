import { ContractError, RequestError, ResponseError } from '@x/http';
import { rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isHubRiseFault } from '../src/fault.ts';
import { createHubRise } from '../src/hubrise.ts';
import { clientId, clientSecret } from './support.ts';

const code = 'ffae0047c4d6b9e02f95e76a3f';
const json = (body: unknown, status = 200): Response => Response.json(body, { status });

const exchange = suite('hubrise · exchange');

exchange('sends nothing but the code, in a form, with the credentials in Authorization', async () => {
  const fetch = scriptedFetch([json({ access_token: 'b9922a78d3ffab6b95e9d72e88' })]);
  await createHubRise({ clientId, clientSecret, fetch }).exchange(` ${code}\n`);
  const [request] = fetch.requests;
  assert.is(request?.method, 'POST');
  assert.is(request?.url, 'https://manager.hubrise.com/oauth2/v1/token');
  // HubRise fact sheet §16
  assert.is(
    request?.headers.get('authorization'),
    'Basic MTAwMDAwMDAwMDAxLmNsaWVudHMuaHVicmlzZS5jb206dGVzdF9jbGllbnRfc2VjcmV0',
  );
  assert.match(request?.headers.get('content-type') ?? '', /^application\/x-www-form-urlencoded/);
  assert.is(await request?.text(), `code=${code}`);
});

exchange('writes the Basic header that the documentation shows', async () => {
  const fetch = scriptedFetch([json({ access_token: 't' })]);
  await createHubRise({ clientId: 'client_id', clientSecret: 'client_secret', fetch }).exchange(code);
  assert.is(fetch.requests[0]?.headers.get('authorization'), 'Basic Y2xpZW50X2lkOmNsaWVudF9zZWNyZXQ=');
});

const absent = {
  account: undefined,
  location: undefined,
  catalog: undefined,
  customerList: undefined,
  userId: undefined,
  appInstanceId: undefined,
};
const answers: [name: string, body: object, connection: object][] = [
  [
    'the answer of the first documentation',
    { access_token: 't', location_id: '3r4s3-1', catalog_id: 'psmlf', customer_list_id: 'xab66' },
    {
      ...absent,
      location: { id: '3r4s3-1', name: undefined },
      catalog: { id: 'psmlf', name: undefined },
      customerList: { id: 'xab66', name: undefined },
    },
  ],
  [
    "today's answer",
    {
      access_token: 't',
      token_type: 'Bearer',
      account_id: '3r4s3',
      account_name: 'Shop',
      location_id: '3r4s3-1',
      location_name: 'Paris',
      catalog_id: 'psmlf',
      catalog_name: 'Menu',
      customer_list_id: 'xab66',
      customer_list_name: 'Guests',
      app_instance_id: 'hr1',
      something_new: { a: 1 },
    },
    {
      ...absent,
      account: { id: '3r4s3', name: 'Shop' },
      location: { id: '3r4s3-1', name: 'Paris' },
      catalog: { id: 'psmlf', name: 'Menu' },
      customerList: { id: 'xab66', name: 'Guests' },
      appInstanceId: 'hr1',
    },
  ],
  ['a profile', { access_token: 't', user_id: 'u1' }, { ...absent, userId: 'u1' }],
  ['nulls', { access_token: 't', account_id: null, location_name: null, user_id: null }, absent],
  ['the token alone', { access_token: 't' }, absent],
];
for (const [name, body, expected] of answers) {
  exchange(`reads ${name}`, async () => {
    const hubrise = createHubRise({ clientId, clientSecret, fetch: scriptedFetch([json(body)]) });
    const { accessToken, ...rest } = await hubrise.exchange(code);
    assert.is(accessToken.reveal(), 't');
    assert.equal(rest, expected);
  });
}

const failures: [name: string, answer: Response, errorCode: string, type: string | undefined][] = [
  ['400 in JSON', json({ error: 'invalid_grant' }, 400), 'hubrise.invalid-code', 'invalid_grant'],
  ['400 in HTML', new Response('<h1>Bad</h1>', { status: 400 }), 'hubrise.invalid-code', undefined],
  ['400 without a body', new Response(null, { status: 400 }), 'hubrise.invalid-code', undefined],
  ['404, as older servers said', new Response(null, { status: 404 }), 'hubrise.invalid-code', undefined],
  ['401', json({ error: 'invalid_client' }, 401), 'hubrise.invalid-client', 'invalid_client'],
  ['401 without a body', new Response(null, { status: 401 }), 'hubrise.invalid-client', undefined],
  ['400 for the client', json({ error: 'invalid_client' }, 400), 'hubrise.invalid-client', 'invalid_client'],
  ['403', new Response(null, { status: 403 }), 'http.forbidden', undefined],
  ['429', new Response(null, { status: 429, headers: { 'retry-after': '7' } }), 'http.rate-limited', undefined],
  ['500', new Response('oops', { status: 500 }), 'http.server', undefined],
  ['503', new Response(null, { status: 503 }), 'http.server', undefined],
  [
    'a redirect',
    new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
    'http.rejected',
    undefined,
  ],
];
for (const [name, answer, errorCode, type] of failures) {
  exchange(`gives ${errorCode} for ${name}, after one request`, async () => {
    const fetch = scriptedFetch([answer]);
    const failure = createHubRise({ clientId, clientSecret, fetch }).exchange(code);
    const error = await rejects(failure, ResponseError, errorCode);
    assert.is(fetch.requests.length, 1);
    assert.ok(isHubRiseFault(error));
    assert.is(error.fault?.type, type);
    assert.is(error.retryAfterMs, answer.status === 429 ? 7000 : undefined);
  });
}

const broken: [name: string, answer: Response][] = [
  ['an HTML page', new Response('<h1>Welcome</h1>')],
  ['half of the JSON', new Response('{"access_token":"b99')],
  ['an empty body', new Response('')],
  ['no body', new Response(null, { status: 204 })],
  ['no token', json({ location_id: 'x-1' })],
  ['an empty token', json({ access_token: '' })],
  ['a token that is no text', json({ access_token: 12 })],
  ['a token with a line break', json({ access_token: 'a\nb' })],
  ['an id that is no text', json({ access_token: 't', location_id: 3 })],
  ['a list', json(['t'])],
  ['null', json(null)],
];
for (const [name, answer] of broken) {
  exchange(`refuses an answer with ${name}`, async () => {
    const hubrise = createHubRise({ clientId, clientSecret, fetch: scriptedFetch([answer]) });
    await rejects(hubrise.exchange(code), ContractError, 'http.contract-broken');
  });
}

exchange('asks only once when the network breaks', async () => {
  let calls = 0;
  const fetch = async (): Promise<Response> => {
    calls += 1;
    throw new TypeError('fetch failed');
  };
  await rejects(createHubRise({ clientId, clientSecret, fetch }).exchange(code), RequestError, 'http.network');
  assert.is(calls, 1);
});

exchange('can be given up', async () => {
  const fetch = scriptedFetch([]);
  const signal = AbortSignal.abort();
  await rejects(
    createHubRise({ clientId, clientSecret, fetch }).exchange(code, { signal }),
    RequestError,
    'http.aborted',
  );
});

for (const text of ['', ' ', 'two words', 'a'.repeat(513)]) {
  exchange(`sends nothing for the impossible code ${JSON.stringify(text.slice(0, 10))}`, async () => {
    const fetch = scriptedFetch([]);
    await rejects(createHubRise({ clientId, clientSecret, fetch }).exchange(text), TypeError, /^code must be/);
    assert.is(fetch.requests.length, 0);
  });
}
exchange.run();

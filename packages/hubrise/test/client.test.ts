import { ContractError, ResponseError } from '@x/http';
import { rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isHubRiseFault } from '../src/fault.ts';
import { createHubRise } from '../src/hubrise.ts';
import { clientId, clientSecret } from './support.ts';

const token = 'b9922a78d3ffab6b95e9d72e88';
const json = (body: unknown, status = 200): Response => Response.json(body, { status });

function connect(answers: Parameters<typeof scriptedFetch>[0]) {
  const fetch = scriptedFetch(answers);
  return { fetch, ...createHubRise({ clientId, clientSecret, fetch, retry: { limit: 0 } }).connect(token) };
}

const client = suite('hubrise · connect');

client('sends the token in X-Access-Token and nowhere else', async () => {
  const { fetch, client: api } = connect([json([])]);
  await api.get('location/orders', { searchParams: { count: '10' } }).json();
  const [request] = fetch.requests;
  assert.is(request?.url, 'https://api.hubrise.com/v1/location/orders?count=10');
  assert.is(request?.headers.get('x-access-token'), token);
  assert.is(request?.headers.get('authorization'), null);
});

client('keeps the token off other origins', async () => {
  const elsewhere = new Response(null, { status: 302, headers: { location: 'https://cdn.example/image' } });
  const { fetch, client: api } = connect([elsewhere, new Response('image')]);
  await api.get('catalogs/c/images/i/data').text();
  assert.is(fetch.requests[1]?.url, 'https://cdn.example/image');
  assert.is(fetch.requests[1]?.headers.get('x-access-token'), null);
});

client('reads location, account and user', async () => {
  const location = { id: '3r4s3-1', name: 'Paris', order_acceptance: { mode: 'online' }, new_member: 1 };
  const { fetch, ...api } = connect([json(location), json({ id: '3r4s3', currency: 'EUR' }), json({ id: 'u1' })]);
  assert.equal(await api.location(), { ...location, order_acceptance: { mode: 'normal' } });
  assert.equal(await api.account(), { id: '3r4s3', currency: 'EUR' });
  assert.equal(await api.user(), { id: 'u1' });
  assert.equal(
    fetch.requests.map(({ url }) => new URL(url).pathname),
    ['/v1/location', '/v1/account', '/v1/user'],
  );
});

client('refuses a location that is none', async () => {
  await rejects(connect([json({ name: 'Paris' })]).location(), ContractError, 'http.contract-broken');
});

const suspended = 'The account/location has been suspended for non payment of the subscription';
const revoked = 'The access token is invalid or the connection has been revoked';
const blocked = 'The connection has been blocked';
const unauthorized = (message?: unknown): Response => json({ message, error_type: 'unauthorized' }, 401);

// HubRise fact sheet §9, §11.2, §18 items 5 and 6
const failures: [name: string, answer: Response, code: string][] = [
  ['a suspended account', unauthorized(suspended), 'hubrise.connection-suspended'],
  ['a revoked connection', unauthorized(revoked), 'hubrise.connection-revoked'],
  ['a blocked connection', unauthorized(blocked), 'hubrise.connection-blocked'],
  ['a text around the known one', unauthorized(`Error: ${blocked}.`), 'hubrise.connection-blocked'],
  ['another case', unauthorized(revoked.toUpperCase()), 'hubrise.connection-revoked'],
  ['half of the text on revocation', unauthorized('The access token is invalid'), 'hubrise.connection-revoked'],
  ['a 401 for too low a level', unauthorized('Account level access is required'), 'http.unauthorized'],
  ['a 401 without a message', unauthorized(), 'http.unauthorized'],
  ['a 401 with a message that is no text', unauthorized([revoked]), 'http.unauthorized'],
  ['a 401 in HTML', new Response(`<p>${revoked}</p>`, { status: 401 }), 'http.unauthorized'],
  ['the text on revocation under 403', json({ message: revoked, error_type: 'forbidden' }, 403), 'http.forbidden'],
  ['throttling', json({ error_type: 'too_many_requests' }, 429), 'http.rate-limited'],
  [
    'throttling with the text on blocking',
    json({ message: blocked, error_type: 'too_many_requests' }, 429),
    'http.rate-limited',
  ],
  [
    'a missing scope',
    json({ message: "A 'orders' write scope is required", error_type: 'forbidden' }, 403),
    'http.forbidden',
  ],
  ['a missing resource', json({ error_type: 'not_found' }, 404), 'http.not-found'],
  ['a missing route', json({ error_type: 'routing_error' }, 404), 'http.not-found'],
  [
    'a failed validation',
    json({ message: 'Validation failed', error_type: 'unprocessable_entity' }, 422),
    'hubrise.validation-failed',
  ],
  [
    'a failed validation under 400',
    json({ message: 'Validation failed', error_type: 'unprocessable_entity' }, 400),
    'hubrise.validation-failed',
  ],
  ['a 422 without a body', new Response(null, { status: 422 }), 'hubrise.validation-failed'],
  ['a 415', json({ error_type: 'unsupported_media_type' }, 415), 'http.rejected'],
  ['a broken server', json({ error_type: 'internal_error' }, 500), 'http.server'],
];
for (const [name, answer, code] of failures) {
  client(`gives ${code} for ${name}`, async () => {
    const error = await rejects(connect([answer]).location(), ResponseError, code);
    assert.is(error.status, answer.status);
    assert.ok(isHubRiseFault(error));
  });
}

client('types the fault of a validation', async () => {
  const errors = [{ field: 'price', message: 'is not a number' }];
  const answer = json({ message: 'Validation failed', errors, error_type: 'unprocessable_entity' }, 422);
  const error = await rejects(connect([answer]).location(), ResponseError, 'hubrise.validation-failed');
  assert.ok(isHubRiseFault(error));
  assert.equal(error.fault, { type: 'unprocessable_entity', message: 'Validation failed', errors });
  assert.not.ok(error.message.includes('is not a number'));
});

client('repeats a read and never a write', async () => {
  const options = { clientId, clientSecret, retry: { baseDelayMs: 0 } };
  const reads = scriptedFetch([new Response(null, { status: 503 }), json({ id: 'a-1' })]);
  assert.is(
    (
      await createHubRise({ ...options, fetch: reads })
        .connect(token)
        .location()
    ).id,
    'a-1',
  );
  const writes = scriptedFetch([new Response(null, { status: 503 })]);
  const failure = createHubRise({ ...options, fetch: writes })
    .connect(token)
    .client.post('location/orders', { json: {} });
  await rejects(failure, ResponseError, 'http.server');
  assert.is(writes.requests.length, 1);
});

client('says of other errors that they are no fault of HubRise', () => {
  for (const other of [undefined, null, 'text', new Error('x'), { provider: 'hubrise', fault: {} }]) {
    assert.is(isHubRiseFault(other), false);
  }
  const error = { code: 'http.server', provider: 'other', message: 'x', status: 500, fault: {} };
  assert.is(isHubRiseFault(new ResponseError(error)), false);
  assert.is(isHubRiseFault(new ResponseError({ ...error, provider: 'hubrise', fault: undefined })), false);
});
client.run();

import { ResponseError } from '@x/http';
import { rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHubRise } from '../src/hubrise.ts';
import { clientId, clientSecret } from './support.ts';

const revoke = suite('hubrise · revoke');

revoke('sends the token in a form, with the credentials in Authorization', async () => {
  const fetch = scriptedFetch([new Response(null, { status: 200 })]);
  assert.is(await createHubRise({ clientId, clientSecret, fetch }).revoke('b99 2&a'), undefined);
  const [request] = fetch.requests;
  assert.is(request?.method, 'POST');
  assert.is(request?.url, 'https://manager.hubrise.com/oauth2/v1/revoke');
  assert.match(request?.headers.get('authorization') ?? '', /^Basic MTAw/);
  assert.is(await request?.text(), 'token=b99+2%26a');
});

for (const [status, errorCode] of [
  [401, 'hubrise.invalid-client'],
  [400, 'http.rejected'],
  [404, 'http.not-found'],
  [500, 'http.server'],
] as const) {
  revoke(`gives ${errorCode} for ${status}, after one request`, async () => {
    const fetch = scriptedFetch([new Response(null, { status })]);
    await rejects(createHubRise({ clientId, clientSecret, fetch }).revoke('t'), ResponseError, errorCode);
    assert.is(fetch.requests.length, 1);
  });
}

revoke('refuses an empty token', async () => {
  await rejects(createHubRise({ clientId, clientSecret, fetch: scriptedFetch([]) }).revoke(''), TypeError, /secret/);
});
revoke.run();

import { Secret } from '@x/crypto';
import type { ClientEvent, Credential, HeaderFields } from '@x/http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { basicAuthorization, deriveAccessToken } from '../src/credential.ts';
import { createInstallationCredential, installationKey } from '../src/installation-credential.ts';
import { authorizationVectors, v1 } from './vectors.ts';

const credential = suite('nexudus · installation credential');

function make(...secrets: string[]): { readonly basic: Credential; readonly events: ClientEvent[] } {
  const events: ClientEvent[] = [];
  const basic = createInstallationCredential({
    applicationKey: v1.a,
    installToken: new Secret(v1.t),
    secrets: secrets.map((secret) => new Secret(secret)),
    key: 'nexudus/app/1',
    emit: (event) => events.push(event),
  });
  return { basic, events };
}

/** Lets one request meet a server that accepts one secret, with the one replay that a client allows. */
async function send(basic: Credential, accepted: string | undefined): Promise<number[]> {
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const sent: HeaderFields = await basic.headers({});
    const expected = accepted === undefined ? '' : basicAuthorization(v1.a, deriveAccessToken(v1.t, accepted));
    const answer = { status: sent['authorization'] === expected ? 200 : 401, headers: new Headers() };
    statuses.push(answer.status);
    basic.observe?.(answer, sent);
    if (basic.isRejected?.({ ...answer, body: '' }) !== true || (await basic.discard?.(sent)) !== true) break;
  }
  return statuses;
}

credential('sends the Authorization field of V1', async () => {
  const { basic } = make(v1.secret);
  assert.equal(await basic.headers({}), { authorization: authorizationVectors[0]?.header });
});

credential('learns nothing from requests with credentials of their own', async () => {
  const { basic } = make('new');
  for (const status of [401, 200]) basic.observe?.({ status, headers: new Headers() }, { authorization: 'Bearer x' });
  assert.is((await basic.headers({}))['authorization'], basicAuthorization(v1.a, deriveAccessToken(v1.t, 'new')));
});

credential('goes on to the older secret, and keeps to the one that works', async () => {
  const { basic, events } = make('new', 'old');
  assert.equal(await send(basic, 'old'), [401, 200]);
  assert.equal(await send(basic, 'old'), [200]);
  assert.equal(await send(basic, 'new'), [401, 200]);
  assert.equal(await send(basic, 'new'), [200]);
  assert.equal(events, []);
});

credential('finds the third secret on the second request', async () => {
  const { basic } = make('one', 'two', 'three');
  assert.equal(await send(basic, 'three'), [401, 401]);
  assert.equal(await send(basic, 'three'), [200]);
});

credential('tells once that what worked is refused, and again after it has worked again', async () => {
  for (const secrets of [['only'], ['new', 'only']]) {
    const { basic, events } = make(...secrets);
    await send(basic, undefined);
    assert.equal(events, [], 'it never worked');
    await send(basic, 'only');
    for (let visit = 0; visit < 3; visit += 1) await send(basic, undefined);
    assert.equal(events, [
      { type: 'credential-failed', provider: 'nexudus', key: 'nexudus/app/1', code: 'nexudus.credentials-refused' },
    ]);
    await send(basic, 'only');
    await send(basic, undefined);
    await send(basic, undefined);
    assert.is(events.length, 2);
  }
});

credential('is not replayed with one secret, nor with the same one twice', async () => {
  assert.equal(await send(make('only').basic, undefined), [401]);
  assert.equal(await send(make('only', 'only').basic, undefined), [401]);
});

credential('leaves the secret alone that another request has moved to', async () => {
  const { basic } = make('new', 'old');
  const first = await basic.headers({});
  await basic.discard?.(first);
  const second = await basic.headers({});
  await basic.discard?.(first);
  assert.equal(await basic.headers({}), second);
});

credential('takes other failures for no verdict', async () => {
  const { basic, events } = make('only');
  const sent = await basic.headers({});
  basic.observe?.({ status: 200, headers: new Headers() }, sent);
  basic.observe?.({ status: 403, headers: new Headers() }, sent);
  basic.observe?.({ status: 500, headers: new Headers() }, sent);
  assert.equal(events, []);
});

credential.run();

const key = suite('nexudus · installationKey');

key('tells installations apart without the token', () => {
  const one = installationKey('app', new Secret(v1.t));
  assert.match(one, /^nexudus\/app\/[0-9a-f]{16}$/);
  assert.is.not(one, installationKey('app', new Secret(v1.a)));
  assert.not.ok(one.includes(v1.t.slice(0, 8)));
});

key.run();

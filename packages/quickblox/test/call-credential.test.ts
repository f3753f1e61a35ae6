import { CredentialError, ResponseError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCallCredential } from '../src/call-credential.ts';
import type { QuickBloxSession } from '../src/index.ts';
import { createDialog, createMessage } from '../src/resources/index.ts';
import type { SessionCredential } from '../src/session-credential.ts';
import { anna, createGate, createRig, otto, type Rig } from './harness.ts';

const bound = suite('quickblox · calls and a user who changes');

/** A rig of which one answer is held back: whoever waits for `held` may act before the client sees it. */
function createGatedRig(isHeld: (request: Request, answer: Response) => boolean, settings: object = {}) {
  const held = createGate();
  const gate = createGate();
  const asked: Request[] = [];
  let rig: Rig;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    asked.push(request.clone());
    const answer = await rig.emulator.fetch(request);
    if (isHeld(asked.at(-1) as Request, answer)) {
      held.open();
      await gate.opened;
    }
    return answer;
  };
  rig = createRig({ client: { fetch, retry: { baseDelayMs: 0 }, ...settings } });
  return { ...rig, asked, held: held.opened, release: gate.open };
}

const own = 'users/7.json';
const calls: readonly [what: string, begin: (session: QuickBloxSession) => Promise<unknown>][] = [
  ['DELETE', ({ client }) => client.delete(own)],
  ['PUT', ({ client }) => client.put(own, { json: { user: { full_name: 'Anna' } } })],
  ['GET', ({ client }) => client.get(own)],
];
for (const [method, begin] of calls) {
  for (const change of ['login', 'logout'] as const) {
    bound(`a ${method} begun as one user is not repeated after a ${change}`, async () => {
      const rig = createGatedRig(({ method }, { status }) => status === 503 && method !== 'POST');
      const session = rig.quickblox.session(anna);
      await session.token();
      rig.emulator.faults.add({ kind: 'status', status: 503 }, { method });
      const begun = begin(session);
      await rig.held;
      if (change === 'login') await session.login(otto);
      else await session.logout();
      rig.release();
      await rejects(begun, CredentialError, 'credential.superseded');
      assert.is(rig.asked.filter(({ url }) => url.endsWith(own)).length, 1);
      assert.is((await session.info()).userId, change === 'login' ? 8 : 0, 'the next call is the new user’s');
    });
  }
}

bound('a message that met a session which is gone is not replayed as another sender’s', async () => {
  const rig = createGatedRig(({ url }, { status }) => url.endsWith('/chat/Message.json') && status === 401);
  const session = rig.quickblox.session(anna);
  const { _id } = await createDialog(session.client, { type: 2, name: 'n', occupants_ids: [8] });
  rig.emulator.endSessions();
  const begun = createMessage(session.client, { chat_dialog_id: _id, message: 'I am Anna' });
  await rig.held;
  await session.login(otto);
  rig.release();
  await rejects(begun, ResponseError, 'quickblox.session-gone');
  assert.is(rig.asked.filter(({ url }) => url.endsWith('/chat/Message.json')).length, 1);
});

bound('a dialog begun as the application is not created as the user’s who logs in meanwhile', async () => {
  const rig = createGatedRig(({ url }, { status }) => url.endsWith('/chat/Dialog.json') && status === 401);
  const session = rig.quickblox.session();
  await session.token();
  rig.emulator.endSessions();
  const begun = createDialog(session.client, { type: 2, name: 'n', occupants_ids: [8] });
  await rig.held;
  await session.login(anna);
  rig.release();
  await rejects(begun, ResponseError, 'quickblox.session-gone');
});

bound('a call that waits for its session is not sent once another user has taken over', async () => {
  const arrived = createGate();
  const discarded: object[] = [];
  const sessionOf = (get: () => Promise<object>): SessionCredential =>
    ({ get, discard: async (sent: object) => discarded.push(sent) > 0 }) as never;
  const one = sessionOf(() => arrived.opened.then(() => ({ token: 'anna' })));
  let active = one;
  const credential = createCallCredential(() => active);
  const call = credential.begin?.();
  const waiting = call?.headers({});
  active = sessionOf(async () => ({ token: 'otto' }));
  arrived.open();
  await rejects(waiting as Promise<unknown>, CredentialError, 'credential.superseded');
  assert.is(await call?.discard?.({ 'QB-Token': 'anna' }), false);
  assert.equal(discarded, []);
  assert.equal(await credential.headers({}), { 'QB-Token': 'otto' });
});

bound('a call whose user stays is repeated as ever', async () => {
  const { quickblox, emulator, calls } = createRig({ client: { retry: { baseDelayMs: 0 } } });
  const session = quickblox.session(anna);
  await session.token();
  emulator.faults.add({ kind: 'status', status: 503 }, { path: '/users' });
  await session.client.get(own);
  assert.equal(calls().slice(1), ['GET /users/7.json 503', 'GET /users/7.json 200']);
});

bound.run();

import { XError } from '@x/http';
import type { Fault } from '@x/http/emulator';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { IssuedSession } from '../src/issued-session.ts';
import { createLeftovers, type Leftovers } from '../src/leftovers.ts';
import { readOptions } from '../src/options.ts';
import type { SessionCredential } from '../src/session-credential.ts';
import { anna, application, createRig, inVirtualTime, type Rig } from './harness.ts';

const left = suite('quickblox · leftovers');

interface Scene extends Rig {
  readonly leftovers: Leftovers;
  readonly token: string;
  /** What the platform is to keep going. */
  readonly told: readonly Promise<unknown>[];
}

/** A live session at the emulator that nobody holds but the leftovers. */
async function createScene(): Promise<Scene> {
  const rig = createRig();
  const { id, authKey, authSecret } = application;
  const keys = { applicationId: id, authKey, authSecret };
  const told: Promise<unknown>[] = [];
  const options = readOptions({
    ...keys,
    fetch: rig.emulator.fetch,
    retry: { limit: 1, baseDelayMs: 0 },
    waitUntil: (work) => told.push(work),
  });
  const token = await rig.quickblox.session(anna).token();
  rig.emulator.journal.clear();
  return { ...rig, leftovers: createLeftovers(options), token, told };
}

left('are ended once', async () => {
  const { leftovers, token, emulator, calls } = await createScene();
  leftovers.add({ token, userId: 7 });
  leftovers.add({ token, userId: 7 });
  await leftovers.sweep();
  await leftovers.sweep();
  await leftovers.end({});
  assert.equal(emulator.sessions(), []);
  assert.equal(calls(), ['DELETE /session.json 200']);
});

left('are over when the server says that they are gone, or that it will not end them', async () => {
  for (const [status, body] of [
    [401, '{"errors":{"base":["Required session does not exist"]}}'],
    [403, '{}'],
  ] as const) {
    const { leftovers, token, emulator, calls } = await createScene();
    emulator.faults.add({ kind: 'status', status, body });
    leftovers.add({ token, userId: 7 });
    await leftovers.end({});
    await leftovers.end({});
    assert.equal(calls(), [`DELETE /session.json ${status}`]);
  }
});

for (const fault of [{ kind: 'drop' }, { kind: 'status', status: 429 }, { kind: 'status', status: 503 }] as Fault[]) {
  left(`stay for the next time after ${JSON.stringify(fault)}, tried once by a sweep`, async () => {
    const { leftovers, token, emulator, calls } = await createScene();
    leftovers.add({ token, userId: 7 });
    emulator.faults.add(fault, { times: 3 });
    await leftovers.sweep();
    assert.is(calls().length, 1);
    await rejects(leftovers.end({}), XError, /session\.json/);
    assert.is(calls().length, 3, 'and twice by who wants to know, as the policy says');
    await leftovers.end({});
    assert.equal(emulator.sessions(), []);
  });
}

left('are tried together, by a sweep for two seconds, so that none that hangs holds a step up', () =>
  inVirtualTime(async (elapsedMs) => {
    const { quickblox, emulator } = createRig();
    const { id, authKey, authSecret } = application;
    let asked = 0;
    let isHanging = true;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      if (!isHanging) return emulator.fetch(request);
      asked += 1;
      return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)));
    };
    const keys = { applicationId: id, authKey, authSecret };
    const leftovers = createLeftovers(readOptions({ ...keys, fetch, timeoutMs: 60_000, retry: { limit: 0 } }));
    for (let n = 0; n < 4; n += 1) leftovers.add({ token: await quickblox.session().token(), userId: 0 });
    const swept = leftovers.sweep();
    for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);
    assert.is(asked, 4);
    await swept;
    assert.ok(elapsedMs() >= 2000 && elapsedMs() < 2100, `${elapsedMs()} ms`);
    const stop = new AbortController();
    const ended = rejects(leftovers.end({ signal: stop.signal }), XError, 'http.aborted');
    for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);
    assert.is(asked, 8);
    stop.abort();
    await ended;
    isHanging = false;
    await leftovers.end({});
    assert.equal(emulator.sessions(), []);
  }),
);

left('are what a credential holds but for what goes on, and what comes late', async () => {
  const { leftovers, token, emulator, quickblox, told } = await createScene();
  const other = await quickblox.session().token();
  const late = await quickblox.session().token();
  let receive = (_: IssuedSession): void => {};
  const credential = {
    retire(given: typeof receive) {
      receive = given;
      return [
        { token, userId: 7 },
        { token: other, userId: 0 },
      ];
    },
  } as unknown as SessionCredential;
  leftovers.leave(credential, { token: other, userId: 0 });
  await leftovers.sweep();
  assert.is(emulator.sessions().length, 2);
  receive({ token: late, userId: 0 });
  assert.is(told.length, 1);
  await told[0];
  assert.is(emulator.sessions().length, 1, 'ended without anybody’s asking');
});

left.run();

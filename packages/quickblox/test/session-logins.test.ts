import { CredentialError, RequestError } from '@x/http';
import type { Fault } from '@x/http/emulator';
import { memoryStore } from '@x/http/store';
import { manualClock, property, rejects, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LoginSource, QuickBloxSession, UserLogin } from '../src/index.ts';
import { anna, count, createGate, createPauses, createRig, inVirtualTime, otto, type Rig } from './harness.ts';

const created = 'POST /session.json 201';
const asked = { method: 'GET', path: '/session.json' } as const;

/** An emulator whose answers do not arrive through `slow` until they are let. */
function createSlow(): Pick<Rig, 'emulator'> & { readonly slow: typeof fetch; letArrive(): void } {
  const arrived = createGate();
  const { emulator } = createRig();
  return {
    emulator,
    async slow(input, init) {
      const answer = await emulator.fetch(input, init);
      await arrived.opened;
      return answer;
    },
    letArrive: arrived.open,
  };
}

/** A source whose account can be linked to another user, and how often it was read. */
function linked(to: UserLogin): LoginSource & { to: UserLogin; reads: number } {
  const source = {
    subject: 's1',
    to,
    reads: 0,
    read() {
      source.reads += 1;
      return source.to;
    },
  };
  return source;
}

/** A source of a proof that counts once. */
function once(login: UserLogin): LoginSource {
  let isSpent = false;
  return {
    subject: 's1',
    read() {
      if (isSpent) throw new Error('the code was used');
      isSpent = true;
      return login;
    },
  };
}

function createFleet(client: NonNullable<Parameters<typeof createRig>[0]>['client'] = {}): Rig {
  return createRig({ store: memoryStore({ clock: manualClock() }), client: { marginMs: 0, ...client } });
}

const userIds = ({ emulator }: Rig): readonly number[] => emulator.sessions().map(({ userId }) => userId);

/** Lets go what only waits for other promises. */
async function letHappen(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);
}

const relinked = suite('quickblox · session · a login that has become another user’s');

for (const sharing of ['with', 'without'] as const) {
  relinked(`${sharing} a store: login says whose the requests are from then on`, async () => {
    const rig = sharing === 'with' ? createFleet() : createRig();
    const source = linked(anna);
    const session = rig.quickblox.session(source);
    assert.is((await session.info()).userId, 7);
    source.to = otto;
    assert.is((await session.login(source)).id, 8);
    assert.is((await session.info()).userId, 8);
    assert.equal(userIds(rig), [8], 'and what it was before is ended');
  });

  relinked(`${sharing} a store: without a login nothing is sent as the other user`, async () => {
    const rig = sharing === 'with' ? createFleet() : createRig();
    const source = linked(anna);
    const session = rig.quickblox.session(source);
    await session.token();
    source.to = otto;
    rig.emulator.endSessions();
    await rejects(session.info(), CredentialError, 'credential.refused');
    await rejects(session.client.delete('users/8.json'), CredentialError, 'credential.refused');
    assert.equal(userIds(rig), [], 'the session that it was given is ended');
    assert.is(count(rig.calls(), 'DELETE /session.json 200'), 1);
    assert.is((await session.login(source)).id, 8);
    assert.is((await session.info()).userId, 8);
  });
}

relinked(
  'login in a process that has not seen the session of the former user ends that, and shares its own',
  async () => {
    const rig = createFleet();
    const source = linked(anna);
    const [before, session] = [rig.quickblox.session(source), rig.quickblox.session()];
    await before.token();
    source.to = otto;
    assert.is((await session.login(source)).id, 8);
    assert.equal([(await session.info()).userId, userIds(rig)], [8, [8]]);
    await rejects(before.info(), CredentialError, 'credential.refused');
    assert.is(await rig.quickblox.session(source).token(), await session.token());
  },
);

relinked(
  'a session that another process has got for the former user is not taken, however often one is needed',
  async () => {
    const rig = createFleet();
    const source = linked(otto);
    const session = rig.quickblox.session();
    await session.login(source);
    source.to = anna;
    const other = rig.quickblox.session();
    assert.is((await other.login(source)).id, 7);
    for (let n = 0; n < 2; n += 1) await rejects(session.info(), CredentialError, 'credential.refused');
    assert.is((await other.info()).userId, 7);
    assert.equal(userIds(rig), [7]);
    source.to = otto;
    rig.clock.advance(60_000); // what was refused is asked for again
    assert.is((await session.info()).userId, 8);
  },
);

relinked('one that is created while the former user’s comes into the store stays its own', async () => {
  const { emulator, slow, letArrive } = createSlow();
  const store = memoryStore({ clock: manualClock() });
  const source = linked(anna);
  const late = createRig({ store, client: { fetch: slow, random: seededRandom(9) } }).quickblox.session(source);
  const waiting = late.info();
  while (emulator.sessions().length === 0) await letHappen();
  source.to = otto;
  const session = createRig({ store, client: { fetch: emulator.fetch } }).quickblox.session();
  assert.is((await session.login(source)).id, 8);
  letArrive();
  assert.is((await waiting).userId, 7);
  assert.is((await session.info()).userId, 8);
});

relinked.run();

const dead = suite('quickblox · session · a login that finds a session in the store');

dead('uses it when it is the user’s yet, and ends its own', async () => {
  const rig = createFleet();
  const [other, session] = [rig.quickblox.session(once(anna)), rig.quickblox.session()];
  const token = await other.token();
  await session.login(once(anna));
  assert.is(await session.token(), token);
  assert.equal(userIds(rig), [7]);
});

dead('goes on with its own when that one is gone at QuickBlox, for all, and needs its proof once', async () => {
  const rig = createFleet();
  await rig.quickblox.session(once(anna)).token();
  rig.emulator.endSessions();
  const session = rig.quickblox.session();
  await session.login(once(anna));
  assert.is((await session.info()).userId, 7);
  assert.is(await rig.quickblox.session(once(anna)).token(), await session.token());
  assert.equal(userIds(rig), [7]);
  assert.is(count(rig.calls(), created), 2);
});

dead('does so also where it has held that one itself', async () => {
  const rig = createFleet();
  const session = rig.quickblox.session(linked(anna));
  await session.token();
  rig.emulator.endSessions();
  await session.login(once(anna));
  assert.is((await session.info()).userId, 7);
  assert.equal(userIds(rig), [7]);
});

const unclear: readonly Fault[] = [
  { kind: 'drop' },
  { kind: 'drop-after' },
  { kind: 'malformed-body' },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429 },
];
for (const fault of unclear) {
  dead(`ends that one, and shares its own, when QuickBlox does not say (${JSON.stringify(fault)})`, async () => {
    const rig = createFleet();
    const [other, session] = [rig.quickblox.session(anna), rig.quickblox.session()];
    const token = await other.token();
    rig.emulator.faults.add(fault, asked);
    assert.is((await session.login(anna)).id, 7);
    assert.is.not(await session.token(), token);
    assert.equal([(await session.info()).userId, (await other.info()).userId], [7, 7]);
    assert.is(await other.token(), await session.token());
    assert.equal(userIds(rig), [7]);
  });
}

for (const [timeoutMs, waitsMs] of [
  [undefined, 2000],
  [50, 50],
] as const) {
  dead(`waits ${waitsMs} ms for an answer that does not come where a request may take ${timeoutMs ?? 60_000}`, () =>
    inVirtualTime(async (elapsedMs) => {
      const store = memoryStore({ clock: manualClock() });
      const { emulator } = createRig();
      let isHanging = false;
      const hanging: typeof fetch = async (input, init) => {
        const request = new Request(input, init);
        if (!isHanging || request.method !== 'GET') return emulator.fetch(request);
        return new Promise((_, reject) => {
          request.signal.addEventListener('abort', () => reject(request.signal.reason));
        });
      };
      const { quickblox } = createRig({ store, client: { fetch: hanging, ...(timeoutMs && { timeoutMs }) } });
      await quickblox.session(anna).token();
      isHanging = true;
      const session = quickblox.session();
      assert.is((await session.login(anna)).id, 7);
      assert.ok(elapsedMs() >= waitsMs && elapsedMs() < waitsMs + 50, `${elapsedMs()} ms`);
      isHanging = false;
      assert.is((await session.info()).userId, 7);
      assert.equal(
        emulator.sessions().map(({ userId }) => userId),
        [7],
      );
    }),
  );
}

dead('ends its own, and nobody else’s, when its caller gives up', async () => {
  const store = memoryStore({ clock: manualClock() });
  const { emulator } = createRig();
  const patience = new AbortController();
  let isLast = false;
  const watched: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    if (isLast && request.method === 'GET') patience.abort();
    return emulator.fetch(request);
  };
  const { quickblox } = createRig({ store, client: { fetch: watched } });
  const other = quickblox.session(anna);
  const token = await other.token();
  const session = quickblox.session();
  isLast = true;
  await rejects(session.login(anna, { signal: patience.signal }), RequestError, 'http.aborted');
  isLast = false;
  await letHappen();
  assert.equal(
    emulator.sessions().map(({ userId }) => userId),
    [7],
  );
  assert.equal([await other.token(), (await other.info()).userId], [token, 7]);
  assert.is((await session.info()).userId, 0, 'it stays whose it was');
});

dead('takes the one that comes in place of it, when another process is faster', async () => {
  const rig = createFleet();
  await rig.quickblox.session(anna).token();
  rig.emulator.endSessions();
  const sessions = Array.from({ length: 4 }, () => rig.quickblox.session());
  await Promise.all(sessions.map((session) => session.login(anna)));
  assert.is(new Set(await Promise.all(sessions.map((session) => session.token()))).size, 1);
  assert.equal(userIds(rig), [7]);
});

dead('comes before one that is being created, which is ended when it comes', async () => {
  const { emulator, slow, letArrive } = createSlow();
  const store = memoryStore({ clock: manualClock() });
  const late = createRig({ store, client: { fetch: slow, random: seededRandom(9) } }).quickblox.session(anna);
  const waiting = late.token();
  while (emulator.sessions().length === 0) await letHappen();
  const session = createRig({ store, client: { fetch: emulator.fetch } }).quickblox.session();
  await session.login(anna);
  assert.is(emulator.sessions().length, 2);
  letArrive();
  assert.is(await waiting, await session.token());
  await letHappen();
  assert.equal(
    emulator.sessions().map(({ userId }) => userId),
    [7],
  );
  assert.is((await late.info()).userId, 7);
});

dead('leaves nothing of a session that is created meanwhile, when its own has gone before that comes', async () => {
  const { emulator, slow, letArrive } = createSlow();
  const store = memoryStore({ clock: manualClock() });
  const late = createRig({ store, client: { fetch: slow, random: seededRandom(9) } }).quickblox.session(anna);
  const waiting = late.info();
  while (emulator.sessions().length === 0) await letHappen();
  const session = createRig({ store, client: { fetch: emulator.fetch } }).quickblox.session();
  await session.login(anna);
  await session.destroy();
  letArrive();
  assert.is((await waiting).userId, 7);
  assert.is((await late.login(otto)).id, 8);
  assert.equal(
    emulator.sessions().map(({ userId }) => userId),
    [8],
    'nobody else has got it',
  );
});

dead('leaves the session of the user before in the store, whose it is as well', async () => {
  const rig = createFleet();
  const session = rig.quickblox.session(anna);
  const token = await session.token();
  await session.login(otto);
  assert.is(await rig.quickblox.session(anna).token(), token);
  assert.equal(userIds(rig), [7, 8]);
});

dead.run();

const fleets = suite('quickblox · session · logins by a source that is linked anew · properties');

type Step = 'login' | 'info' | 'token' | 'logout' | 'destroy' | 'gone' | 'relink';
const steps: readonly Step[] = ['login', 'login', 'info', 'info', 'token', 'logout', 'destroy', 'gone', 'relink'];
const Script = fc.array(
  fc.record({ of: fc.constantFrom(0, 1, 2), step: fc.constantFrom(...steps), waits: fc.boolean() }),
  { minLength: 6, maxLength: 16 },
);

fleets('send nothing as another user than login has told last, whatever overlaps', () =>
  property(
    fc.asyncProperty(Script, fc.nat(), (script, seed) =>
      inVirtualTime(async () => {
        const random = seededRandom(seed);
        const { pause, store } = createPauses(random);
        const source = linked(anna);
        const { emulator, clock } = createRig({ settings: { stormLimit: 1000 } });
        const fetch: typeof globalThis.fetch = async (input, init) => {
          await pause(8);
          return emulator.fetch(input, init);
        };
        const { quickblox } = createRig({ store, client: { fetch, clock, marginMs: 0 } });
        interface Process {
          readonly session: QuickBloxSession;
          /** Whose it is; unknown until it is told for the first time. */
          userId?: number;
          begun: number;
          ended: number;
        }
        const processes = [0, 1, 2].map((): Process => ({ session: quickblox.session(source), begun: 0, ended: 0 }));
        const mistaken: string[] = [];

        async function change(process: Process, work: Promise<number | undefined>): Promise<void> {
          process.begun += 1;
          const userId = await work.catch(() => undefined);
          if (userId !== undefined) process.userId = userId;
          process.ended += 1;
        }

        async function ask(process: Process): Promise<void> {
          const before = { ...process };
          const { userId } = await process.session.info();
          const isCertain = before.begun === before.ended && before.begun === process.begun;
          if (!isCertain) return;
          process.userId ??= userId;
          if (userId !== (before.userId ?? process.userId)) mistaken.push(`${userId} instead of ${process.userId}`);
        }

        const work: Promise<unknown>[] = [];
        for (const { of, step, waits } of script) {
          const process = processes[of] as Process;
          const { session } = process;
          if (step === 'gone') emulator.endSessions();
          else if (step === 'relink') source.to = source.to === anna ? otto : anna;
          else if (step === 'info') work.push(ask(process).catch(() => {}));
          else if (step === 'token') work.push(session.token().catch(() => {}));
          else if (step === 'login')
            work.push(
              change(
                process,
                session.login(source).then(({ id }) => id),
              ),
            );
          else if (step === 'logout')
            work.push(
              change(
                process,
                session.logout().then(() => 0),
              ),
            );
          else
            work.push(
              change(
                process,
                session.destroy().then(() => undefined),
              ),
            );
          if (waits) await pause(20);
        }
        await Promise.all(work);
        assert.equal(mistaken, []);
        for (const process of processes) await ask(process).catch(() => {});
        assert.equal(mistaken, []);
        const all = [...processes.map(({ session }) => session), quickblox.session(), quickblox.session(source)];
        for (const session of all) await session.destroy();
        await pause(20);
        assert.equal(emulator.sessions(), []);
      }),
    ),
    { runs: 100 },
  ),
);

fleets.run();

import { CredentialError } from '@x/http';
import type { Fault } from '@x/http/emulator';
import { memoryStore, type Store } from '@x/http/store';
import { manualClock, property, rejects, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { QuickBloxSession } from '../src/index.ts';
import {
  anna,
  application,
  createGate,
  createPauses,
  createRig,
  type Gate,
  inVirtualTime,
  otto,
  type Rig,
} from './harness.ts';

type Step = 'token' | 'anna' | 'otto' | 'wrong' | 'logout' | 'destroy';

const run: Readonly<Record<Step, (session: QuickBloxSession) => Promise<unknown>>> = {
  token: (session) => session.token(),
  anna: (session) => session.login(anna),
  otto: (session) => session.login(otto),
  wrong: (session) => session.login({ ...anna, password: 'wrong' }),
  logout: (session) => session.logout(),
  destroy: (session) => session.destroy(),
};
const steps = Object.keys(run) as Step[];

/** Whose session it is after a step that succeeded. */
const userAfter: Readonly<Partial<Record<Step, number>>> = { anna: 7, otto: 8, logout: 0 };

/** What can go wrong with a request of a step: before the server has acted, after it, and with an answer of no use. */
const faults: readonly Fault[] = [
  { kind: 'drop' },
  { kind: 'drop-after' },
  { kind: 'malformed-body' },
  { kind: 'status', status: 503 },
];
const creation = { method: 'POST', path: '/session.json' } as const;
const upgrade = { method: 'POST', path: '/login.json' } as const;
const ending = { method: 'DELETE', path: '/session.json' } as const;
const downgrade = { method: 'DELETE', path: '/login.json' } as const;

/** The requests that a step may make. */
const requestsOf: Readonly<
  Record<Step, readonly (typeof creation | typeof upgrade | typeof ending | typeof downgrade)[]>
> = {
  token: [creation],
  anna: [creation, upgrade, ending],
  otto: [creation, upgrade, ending],
  wrong: [creation, upgrade, ending],
  logout: [downgrade, ending],
  destroy: [ending],
};

/** Waits before a request arrives or before its answer does. */
type Hold = (request: Request, phase: 'request' | 'answer') => Promise<void>;

interface Scene extends Rig {
  /** Sessions whose token never arrived: nobody can end these. */
  lost(): number;
}

function createScene(store?: Store, hold?: Hold): Scene {
  let lost = 0;
  let rig: Rig;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const isCreation = request.method === 'POST' && request.url.endsWith('/session.json');
    await hold?.(request, 'request');
    const before = rig.emulator.sessions().length;
    let isRead = false;
    try {
      const answer = await rig.emulator.fetch(request);
      await hold?.(request, 'answer');
      isRead = await answer
        .clone()
        .json()
        .then(
          () => true,
          () => false,
        );
      return answer;
    } finally {
      if (isCreation && !isRead && rig.emulator.sessions().length > before) lost += 1;
    }
  };
  rig = createRig({ client: { fetch, marginMs: 0 }, settings: { stormLimit: 1000 }, ...(store && { store }) });
  return { ...rig, lost: () => lost };
}

async function attempt(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** Nothing lives on that the object does not know, and what it knows is whose it says. */
async function check(scene: Scene, session: QuickBloxSession, userId: number, told: string): Promise<void> {
  const { emulator, lost } = scene;
  assert.is((await session.info()).userId, userId, `${told}: whose it is`);
  await session.destroy();
  assert.is(emulator.sessions().length, lost(), `${told}: after its end`);
}

const sequences = suite('quickblox · session · sequences with an answer lost');

for (const start of [0, 7] as const) {
  for (const first of steps) {
    sequences(`begins as user ${start} with ${first}, then anything, of which any request may fail`, async () => {
      for (const second of steps) {
        for (const failing of [0, 1]) {
          for (const fault of faults) {
            for (const request of requestsOf[failing === 0 ? first : second]) {
              const scene = createScene();
              const session = start === 0 ? scene.quickblox.session() : scene.quickblox.session(anna);
              let userId: number = start;
              await session.token();
              for (const [index, step] of [first, second].entries()) {
                if (index === failing) scene.emulator.faults.add(fault, request);
                if (await attempt(run[step](session))) userId = userAfter[step] ?? userId;
                scene.emulator.faults.clear();
              }
              const told = `${first}, ${second}, ${failing}: ${fault.kind} of ${request.method} ${request.path}`;
              await check(scene, session, userId, told);
            }
          }
        }
      }
    });
  }
}

sequences('keeps what it cannot end while nothing arrives, and ends it with the next step', async () => {
  for (const step of ['logout', 'destroy', 'wrong'] as const) {
    const scene = createScene();
    const session = scene.quickblox.session();
    await session.token();
    scene.emulator.faults.add({ kind: 'drop-after' }, { path: '/login.json' });
    scene.emulator.faults.add({ kind: 'drop' }, { method: 'DELETE' });
    assert.is(await attempt(session.login(anna)), false);
    assert.equal(
      scene.emulator.sessions().map(({ userId }) => userId),
      [7],
      'upgraded, and nobody was told',
    );
    await attempt(run[step](session));
    assert.equal(
      scene.emulator
        .sessions()
        .map(({ userId }) => userId)
        .filter((userId) => userId === 7),
      [],
    );
  }
});

sequences('does not say that a user is logged out whose session cannot be ended', async () => {
  const scene = createScene();
  const session = scene.quickblox.session();
  await session.token();
  scene.emulator.faults.add({ kind: 'drop-after' }, { path: '/login.json' });
  scene.emulator.faults.add({ kind: 'drop' }, { method: 'DELETE', times: 9 });
  await attempt(session.login(anna));
  for (const step of ['logout', 'destroy'] as const) assert.is(await attempt(run[step](session)), false);
  scene.emulator.faults.clear();
  await session.logout();
  assert.equal(scene.emulator.sessions(), []);
});

sequences.run();

const interleavings = suite('quickblox · session · steps that meet a session on its way');

const calls: readonly [what: string, begin: (scene: Scene, session: QuickBloxSession) => Promise<unknown>][] = [
  ['the first session', async (_, session) => session.token()],
  [
    'a session in place of one that is gone',
    async ({ emulator }, session) => {
      await session.token();
      emulator.endSessions();
      return session.client.get('users.json');
    },
  ],
  [
    'a session in place of one that has ended',
    async ({ clock }, session) => {
      await session.token();
      clock.advance(7_200_000);
      return session.client.get('users.json');
    },
  ],
];

/** Holds the next creation of a session back until the gate opens. */
function holdCreation(heldPhase: 'request' | 'answer'): { arm(): Gate; readonly hold: Hold } {
  let gate: Gate | undefined;
  return {
    arm() {
      gate = createGate();
      return gate;
    },
    async hold({ method, url }, phase) {
      if (phase !== heldPhase || method !== 'POST' || !url.endsWith('/session.json') || gate === undefined) return;
      const { opened } = gate;
      gate = undefined;
      await opened;
    },
  };
}

async function letHappen(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);
}

for (const [what, begin] of calls) {
  for (const start of [0, 7] as const) {
    for (const step of ['anna', 'otto', 'logout', 'destroy'] as const) {
      for (const phase of ['request', 'answer'] as const) {
        interleavings(`${step} while ${what} of user ${start} is on its way, its ${phase} held back`, async () => {
          const { arm, hold } = holdCreation(phase);
          const scene = createScene(undefined, hold);
          const session = start === 0 ? scene.quickblox.session() : scene.quickblox.session(anna);
          if (what !== 'the first session') await session.token();
          const gate = arm();
          const call = attempt(begin(scene, session));
          await letHappen();
          const stepped = attempt(run[step](session));
          await letHappen();
          gate.open();
          assert.is(await stepped, true);
          await call;
          await letHappen();
          await session.token();
          assert.is(scene.emulator.sessions().length, 1, 'in use');
          await check(scene, session, userAfter[step] ?? start, step);
        });
      }
    }
  }
}

interleavings.run();

const fleet = suite('quickblox · session · two processes with one store');

fleet('logout ends the session that the fleet uses, and not only the older one of its own', async () => {
  for (const step of ['logout', 'destroy'] as const) {
    const { quickblox, emulator, clock } = createRig({ store: memoryStore({ clock: manualClock() }) });
    const [one, two] = [quickblox.session(anna), quickblox.session(anna)];
    await one.token();
    clock.advance(3 * 3_600_000);
    await two.token();
    await one[step]();
    assert.equal(emulator.sessions(), [], step);
    assert.is((await two.info()).userId, 7, 'who goes on gets a new one');
  }
});

fleet('login takes the session that the fleet has of that user, and ends its own', async () => {
  const { quickblox, emulator } = createRig({ store: memoryStore({ clock: manualClock() }) });
  const [one, two] = [quickblox.session(anna), quickblox.session()];
  const token = await one.token();
  assert.is((await two.login(anna)).id, 7);
  assert.is(await two.token(), token);
  assert.is(emulator.sessions().length, 1);
});

fleet('logins of one user at the same time end in one session', async () => {
  const { quickblox, emulator } = createRig({ store: memoryStore({ clock: manualClock() }) });
  const [one, two] = [quickblox.session(), quickblox.session()];
  const users = await Promise.all([one.login(anna), two.login(anna)]);
  assert.equal(
    users.map(({ id }) => id),
    [7, 7],
  );
  assert.is(await one.token(), await two.token());
  assert.is(emulator.sessions().length, 1);
});

fleet('a login counts also where others were refused a moment ago', async () => {
  const { quickblox, emulator } = createRig({ store: memoryStore({ clock: manualClock() }) });
  emulator.putUser(application.id, { id: 7, login: 'anna', password: 'another' });
  await rejects(quickblox.session(anna).token(), CredentialError, 'credential.refused');
  emulator.putUser(application.id, { id: 7, login: 'anna', password: anna.password });
  const session = quickblox.session();
  await session.login(anna);
  assert.is((await session.info()).userId, 7);
  assert.is(await quickblox.session(anna).token(), await session.token(), 'and for all');
  assert.is(emulator.sessions().length, 1);
});

fleet('destroy ends also a session that came too late to be the fleet’s', async () => {
  const time = manualClock();
  const { arm, hold } = holdCreation('answer');
  const { quickblox, emulator } = createScene(memoryStore({ clock: time }), hold);
  const [late, other] = [quickblox.session(anna), quickblox.session(anna)];
  const gate = arm();
  const lateToken = late.token();
  await letHappen();
  time.advance(3_600_000); // its turn is over
  const token = await other.token();
  gate.open();
  assert.is(await lateToken, token);
  assert.is(emulator.sessions().length, 2);
  await late.destroy();
  assert.equal(emulator.sessions(), []);
});

fleet('login as the same user leaves nothing of a session that comes when nobody waits for it any more', async () => {
  const { arm, hold } = holdCreation('answer');
  const store = memoryStore({ clock: manualClock() });
  const { quickblox, emulator } = createScene(store, hold);
  const session = quickblox.session(anna);
  const gate = arm();
  const late = attempt(session.token());
  await letHappen();
  const patience = new AbortController();
  const login = session.login(anna, { signal: patience.signal });
  while (!emulator.journal.entries.some(({ path, status }) => path === '/login.json' && status !== undefined)) {
    await letHappen();
  }
  await letHappen();
  patience.abort();
  assert.is((await login).id, 7);
  gate.open();
  await late;
  await letHappen();
  assert.is(emulator.sessions().length, 1);
  assert.is((await session.info()).userId, 7);
  await session.destroy();
  assert.equal(emulator.sessions(), []);
});

type FleetStep = 'one.token' | 'two.token' | 'one.logout' | 'two.destroy' | 'one.otto' | 'later' | 'gone';
const fleetSteps: readonly FleetStep[] = [
  ...(['one.token', 'two.token', 'one.logout', 'two.destroy', 'one.otto'] as const),
  ...(['later', 'gone'] as const),
];

for (const first of fleetSteps) {
  fleet(`leave nothing behind after ${first} and any two steps more`, async () => {
    for (const second of fleetSteps) {
      for (const third of fleetSteps) {
        const scene = createScene(memoryStore({ clock: manualClock() }));
        const { quickblox, emulator, clock } = scene;
        const [one, two] = [quickblox.session(anna), quickblox.session(anna)];
        let userId = 7;
        for (const step of [first, second, third]) {
          if (step === 'one.token') await one.token();
          if (step === 'two.token') await two.token();
          if (step === 'two.destroy') await two.destroy();
          if (step === 'later') clock.advance(3 * 3_600_000);
          if (step === 'gone') emulator.endSessions();
          if (step === 'one.otto') userId = (await one.login(otto)).id;
          if (step !== 'one.logout') continue;
          await one.logout();
          if (userId === 7)
            assert.equal(
              emulator.sessions().filter((session) => session.userId === 7),
              [],
            );
          userId = 0;
        }
        const told = `${first}, ${second}, ${third}`;
        assert.equal([(await one.info()).userId, (await two.info()).userId], [userId, 7], told);
        for (const session of [one, two, quickblox.session(), quickblox.session(anna), quickblox.session(otto)]) {
          await session.destroy();
        }
        assert.equal(emulator.sessions(), [], told);
      }
    }
  });
}

fleet.run();

const races = suite('quickblox · session · two processes with one store · properties');

type RaceStep = Exclude<Step, 'wrong'> | 'info' | 'gone';
const raceSteps: readonly RaceStep[] = ['token', 'anna', 'otto', 'anna', 'otto', 'logout', 'destroy', 'info', 'gone'];
const RaceScript = fc.array(
  fc.record({ of: fc.constantFrom(0, 1), step: fc.constantFrom(...raceSteps), waits: fc.boolean() }),
  { minLength: 6, maxLength: 14 },
);

races('take nobody for another and leave nothing behind, whatever overlaps', () =>
  property(
    fc.asyncProperty(RaceScript, fc.nat(), (script, seed) =>
      inVirtualTime(async () => {
        const random = seededRandom(seed);
        const { pause, store } = createPauses(random);
        const { quickblox, emulator } = createScene(store, () => pause(8));
        const processes = [0, 1].map(() => ({ session: quickblox.session(anna), userId: 7, begun: 0, ended: 0 }));
        type Process = (typeof processes)[number];
        const mistaken: number[] = [];

        async function change(process: Process, step: Step): Promise<void> {
          process.begun += 1;
          if (await attempt(run[step](process.session))) process.userId = userAfter[step] ?? process.userId;
          process.ended += 1;
        }

        async function ask({ ...before }: Process, process: Process): Promise<void> {
          const { userId } = await process.session.info();
          const isCertain = before.begun === before.ended && before.begun === process.begun;
          if (isCertain && userId !== before.userId) mistaken.push(userId);
        }

        const work: Promise<unknown>[] = [];
        for (const { of, step, waits } of script) {
          const process = processes[of] as Process;
          if (step === 'gone') emulator.endSessions();
          else work.push(step === 'info' ? attempt(ask(process, process)) : change(process, step));
          if (waits) await pause(20);
        }
        await Promise.all(work);
        assert.equal(mistaken, []);
        for (const { session } of processes) await session.destroy();
        for (const login of [undefined, anna, otto]) await quickblox.session(login).destroy();
        assert.equal(emulator.sessions(), []);
      }),
    ),
    { runs: 60 },
  ),
);

races.run();

import { isXError } from '@x/http';
import { createQuickBlox, type Login, type QuickBlox } from '@x/quickblox';
import { createEmulator } from '@x/quickblox/emulator';
import { holdPort, manualClock, seededRandom } from '@x/testing';
import { application, other, type Rig, withRig } from './rig.ts';
import type { SdkAnswer } from './sdk.ts';
import { createSignWithSdk } from './sdk-signing.ts';

/** One thing that happens to clients, and what two of them made of it. */
export interface Observation {
  readonly situation: string;
  /** The official SDK, its entry for Node. */
  readonly theirs: string;
  readonly ours: string;
}

const anna = { login: 'anna', password: 'p@ss w&rd=1+2%20' };
const annasLogin = { kind: 'login', ...anna } satisfies Login;

/** Nobody listens at the endpoint. */
export function refusedConnection(): Promise<Observation> {
  return withRig('node', async (rig) => {
    const { port, release } = await holdPort();
    const endpoint = `127.0.0.1:${port}`;
    await begin(rig, { endpoint });
    const seen = {
      situation: 'connection refused',
      theirs: describe(await rig.sdk.call('qb', 'createSession', {})),
      ours: await outcome(
        rig
          .quickblox({ baseUrl: `http://${endpoint}` })
          .session()
          .token(),
      ),
    };
    release();
    return seen;
  });
}

/** The server takes ten times as long as it may. */
export function timeout(): Promise<Observation> {
  return withRig('node', async (rig) => {
    rig.emulator.faults.add({ kind: 'latency', ms: 3000 }, { times: 2 });
    await begin(rig, { timeout: 300 });
    return {
      situation: 'no answer within 300 ms',
      theirs: describe(await rig.sdk.call('qb', 'createSession', {})),
      ours: await outcome(rig.quickblox({ timeoutMs: 300 }).session().token()),
    };
  });
}

/** A session ends while a hundred requests are made with it. */
export function expiredSession(): Promise<Observation> {
  const requests = 100;
  return withRig(
    'node',
    async (rig) => {
      await begin(rig, { renewWith: anna });
      await rig.sdk.call('qb', 'createSession', anna);
      rig.emulator.endSessions();
      rig.calls();
      const answers = await Promise.all(Array.from({ length: requests }, () => rig.sdk.call('qb', 'users.get', 7)));
      const theirs = tally(answers.map(describe), rig);

      const session = rig.quickblox().session(annasLogin);
      await session.token();
      rig.emulator.endSessions();
      rig.calls();
      const outcomes = Array.from({ length: requests }, () => outcome(session.client.get('users/7.json')));
      return {
        situation: `session gone under ${requests} requests`,
        theirs,
        ours: tally(await Promise.all(outcomes), rig),
      };
    },
    { nonces: 'random' },
  );
}

/** Every new session is gone as soon as it is used. */
export function goneForGood(): Promise<Observation> {
  const limit = 50;
  return withRig('node', async (rig) => {
    const body = JSON.stringify({ errors: { base: ['Required session does not exist'] } });
    rig.emulator.faults.add({ kind: 'status', status: 401, body }, { path: '/users', times: Number.POSITIVE_INFINITY });
    await begin(rig, { renewWith: anna, renewAtMost: limit });
    await rig.sdk.call('qb', 'createSession', anna);
    rig.calls();
    const { handled } = await rig.sdk.call('qb', 'users.get', 7);
    const theirs = handled > limit ? `goes on (stopped by us after ${limit} new sessions)` : `${handled} new sessions`;

    const session = rig.quickblox().session(annasLogin);
    await session.token();
    rig.calls();
    const ended = await outcome(session.client.get('users/7.json'));
    return { situation: 'every new session gone at once', theirs, ours: tally([ended], rig) };
  });
}

/** Two applications are set up, then the first one is used. */
export function twoApplications(): Promise<Observation> {
  return withRig('node', async (rig) => {
    await begin(rig, { instance: 'first' });
    await begin(rig, { instance: 'second', of: other, hash: 'sha256' });
    const answer = await rig.sdk.call('first', 'createSession', {});
    const theirs = answer.kind === 'called-back' ? (answer.result as { application_id?: number } | null) : null;

    const { id, authKey, authSecret, hash } = other;
    const first = rig.quickblox();
    rig.quickblox({ applicationId: id, authKey, authSecret, hash });
    const ours = await first.session().info();
    return {
      situation: `two applications, session of ${application.id}`,
      theirs: `session of ${theirs?.application_id}`,
      ours: `session of ${ours.applicationId}`,
    };
  });
}

/** The server's clock is two hours ahead of the client's. */
export function skewedClock(): Promise<Observation> {
  return withRig(
    'node',
    async (rig) => {
      await begin(rig);
      const theirs = tally([describe(await rig.sdk.call('qb', 'createSession', anna))], rig);
      const ours = tally([await outcome(rig.quickblox().session(annasLogin).token())], rig);
      return { situation: 'clock two hours off', theirs, ours };
    },
    { settings: { skewMs: 7_200_000 } },
  );
}

/** The password is wrong. */
export function wrongPassword(): Promise<Observation> {
  return withRig('node', async (rig) => {
    await begin(rig, { renewWith: anna });
    const wrong = { ...anna, password: 'wrong' };
    const theirs = tally([describe(await rig.sdk.call('qb', 'createSession', wrong))], rig);
    const session = rig.quickblox().session({ kind: 'login', ...wrong });
    const ours = tally([await outcome(session.client.get('users/7.json'))], rig);
    return { situation: 'wrong password', theirs, ours };
  });
}

/** The password is left out by mistake. */
export function missingPassword(): Promise<Observation> {
  return withRig('node', async (rig) => {
    await begin(rig);
    const theirs = describe(await rig.sdk.call('qb', 'createSession', { login: 'anna' }));
    const login = { kind: 'login', login: 'anna' } as unknown as Login; // as a caller without types would
    const ours = await outcome(Promise.resolve().then(() => rig.quickblox().session(login).token()));
    return { situation: 'login without a password', theirs, ours };
  });
}

/** A user whose telephone Firebase has verified. */
export function firebasePhone(): Promise<Observation> {
  return withRig('node', async (rig) => {
    await begin(rig);
    const parameters = { project_id: 'my-app', access_token: 'firebase.id-token' };
    const params = { provider: 'firebase_phone', firebase_phone: parameters };
    const theirs = describe(await rig.sdk.call('qb', 'createSession', params));
    const login: Login = { kind: 'firebase-phone', projectId: 'my-app', accessToken: 'firebase.id-token' };
    const { userId } = await rig.quickblox().session(login).info();
    return { situation: 'login by Firebase phone', theirs, ours: `session of user ${userId}` };
  });
}

/** A thousand sessions are asked for in a second, by a clock that stands still: no machine is too slow for it. */
export async function nonces(): Promise<Observation> {
  const requests = 1000;
  const { id, authKey, authSecret } = application;
  const sign = createSignWithSdk({ applicationId: id, authKey, authSecret });
  const drawn = Array.from({ length: requests }, () => sign({})['nonce']);
  const again = requests - new Set(drawn).size;

  const clock = manualClock();
  const random = seededRandom(1); // one run in four thousand would draw one twice
  const emulator = createEmulator({ applications: [application], clock });
  const keys = { applicationId: id, authKey, authSecret };
  const quickblox: QuickBlox = createQuickBlox({ ...keys, fetch: emulator.fetch, clock, random });
  await Promise.all(Array.from({ length: requests }, () => quickblox.session().token()));
  const repeated = emulator.journal.entries.filter(({ checks }) =>
    checks.some(({ name, ok }) => name === 'nonce' && !ok),
  ).length;
  return {
    situation: `${requests} sessions in a second`,
    theirs: `${again} nonces used again`,
    ours: `${repeated} nonces used again`,
  };
}

/** Everything that is looked at side by side. */
export const situations: readonly (() => Promise<Observation>)[] = [
  ...[refusedConnection, timeout, expiredSession, goneForGood, twoApplications, skewedClock],
  ...[wrongPassword, missingPassword, firebasePhone, nonces],
];

async function begin(
  { sdk, ...rig }: Rig,
  options: {
    readonly instance?: string;
    readonly of?: { readonly id: number; readonly authKey: string; readonly authSecret: string };
    readonly endpoint?: string;
    readonly timeout?: number;
    readonly hash?: 'sha256';
    readonly renewWith?: object;
    readonly renewAtMost?: number;
  } = {},
): Promise<void> {
  const { instance = 'qb', of = application, endpoint = rig.endpoint, timeout, hash, ...renewal } = options;
  const credentials = [of.id, of.authKey, of.authSecret];
  await sdk.init({ instance, credentials, config: { endpoints: { api: endpoint }, timeout, hash }, ...renewal });
}

/** What the SDK called back with. */
function describe(answer: SdkAnswer): string {
  if (answer.kind === 'threw') return answer.message;
  if (answer.error !== null) {
    const { code, message } = answer.error as { readonly code?: unknown; readonly message?: unknown };
    return `error ${code} ${JSON.stringify(message)}`;
  }
  if (answer.result === undefined || answer.result === null) return `success, with ${answer.result}`;
  const { user_id: userId } = answer.result as { readonly user_id?: number };
  if (userId === undefined) return 'success';
  return userId === 0 ? 'success, session of the application' : `session of user ${userId}`;
}

/** What became of a call of ours: the codes of the error and its causes. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'success';
  } catch (error) {
    const codes: string[] = [];
    for (let cause: unknown = error; isXError(cause); cause = cause.cause) codes.push(cause.code);
    return codes.length === 0 ? String(error) : codes.join(' < ');
  }
}

/** Outcomes, and the sessions that were asked for meanwhile. */
function tally(outcomes: readonly string[], rig: Rig): string {
  const asked = rig.calls().filter((call) => call.startsWith('POST /session.json')).length;
  const counts = [...new Set(outcomes)].map((one) =>
    outcomes.length === 1 ? one : `${outcomes.filter((each) => each === one).length} × ${one}`,
  );
  return `${counts.join(', ')}; sessions asked for: ${asked}`;
}

import type { QuickBlox } from '@x/quickblox';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { application, other, type Rig, withRig } from '../src/rig.ts';
import { type SdkAnswer, type SdkBuild, startSdk } from '../src/sdk.ts';

const anna = { login: 'anna', password: 'p@ss w&rd=1+2%20' };

interface Told {
  readonly token: string;
  readonly user_id: number;
  readonly id: number;
  readonly application_id: number;
}

/** The result of a call that must have gone well. */
function resultOf(answer: SdkAnswer): Told {
  assert.is(answer.kind, 'called-back', JSON.stringify(answer));
  if (answer.kind !== 'called-back') throw new Error('unreachable');
  assert.is(answer.error, null, JSON.stringify(answer.error));
  return answer.result as Told;
}

/** Makes the instance that the tests call. */
async function begin(
  { sdk, endpoint }: Rig,
  {
    credentials = [application.id, application.authKey, application.authSecret],
    hash = 'sha1',
    renewWith,
  }: { readonly credentials?: readonly unknown[]; readonly hash?: string; readonly renewWith?: object } = {},
): Promise<void> {
  const config = { endpoints: { api: endpoint }, hash };
  resultOf(await sdk.init({ instance: 'qb', credentials, config, renewWith }));
}

for (const build of ['node', 'browser'] satisfies SdkBuild[]) {
  const real = suite(`official SDK · ${build} build`);

  real('creates an application session, reads and destroys it', () =>
    withRig(build, async (rig) => {
      await begin(rig);
      const session = resultOf(await rig.sdk.call('qb', 'createSession', {}));
      assert.is(session.user_id, 0);
      assert.is(session.application_id, application.id);
      const { session: read } = resultOf(await rig.sdk.call('qb', 'getSession')) as unknown as { session: Told };
      assert.equal(read, session);
      resultOf(await rig.sdk.call('qb', 'destroySession'));
      assert.equal(rig.emulator.sessions(), []);
      assert.equal(rig.complaints(), []);
      assert.equal(rig.calls(), ['POST /session.json 201', 'GET /session.json 200', 'DELETE /session.json 200']);
    }),
  );

  for (const [name, params, userId] of [
    ['login', anna, 7],
    ['e-mail and a password that is not ASCII', { email: 'otto+qa@example.com', password: 'пароль😀' }, 8],
  ] as const) {
    real(`creates a session of a user by ${name}, and uses it`, () =>
      withRig(build, async (rig) => {
        await begin(rig);
        assert.is(resultOf(await rig.sdk.call('qb', 'createSession', params)).user_id, userId);
        assert.is(resultOf(await rig.sdk.call('qb', 'users.get', userId)).id, userId);
        const page = resultOf(await rig.sdk.call('qb', 'users.listUsers', { page: 1, per_page: 2 }));
        const { items } = page as unknown as { items: { user: { id: number } }[] };
        assert.equal(
          items.map(({ user }) => user.id),
          [7, 8],
        );
        resultOf(await rig.sdk.call('qb', 'destroySession'));
        assert.equal(rig.complaints(), []);
      }),
    );
  }

  real('logs a user in to the session of the application, and out', () =>
    withRig(build, async (rig) => {
      await begin(rig);
      const { token } = resultOf(await rig.sdk.call('qb', 'createSession', {}));
      assert.is(resultOf(await rig.sdk.call('qb', 'login', anna)).id, 7);
      const { session } = resultOf(await rig.sdk.call('qb', 'getSession')) as unknown as { session: Told };
      assert.equal([session.token === token, session.user_id], [true, 7]);
      resultOf(await rig.sdk.call('qb', 'logout'));
      assert.equal(
        rig.emulator.sessions().map(({ userId }) => userId),
        [0],
      );
      assert.equal(rig.complaints(), []);
    }),
  );

  real('signs with SHA-256 when the application does', () =>
    withRig(build, async (rig) => {
      await begin(rig, { credentials: [other.id, other.authKey, other.authSecret], hash: 'sha256' });
      const params = { login: 'anna', password: 'another example' };
      assert.is(resultOf(await rig.sdk.call('qb', 'createSession', params)).user_id, 20);
      assert.equal(rig.complaints(), []);
    }),
  );

  for (const [whose, makeToken] of [
    ['had minted for the user', async (quickblox: QuickBlox) => (await quickblox.createUserToken(7)).token],
    ['has of a session', (quickblox: QuickBlox) => quickblox.session({ kind: 'login', ...anna }).token()],
  ] as const) {
    real(`starts with a token that our client ${whose}`, () =>
      withRig(build, async (rig) => {
        const token = await makeToken(rig.quickblox());
        await begin(rig, { credentials: ['', application.id, null] });
        const told = resultOf(await rig.sdk.call('qb', 'startSessionWithToken', token));
        assert.is((told as unknown as { session: Told }).session.user_id, 7);
        assert.equal(rig.complaints(), []);
      }),
    );
  }

  real('is told of a session that is gone as it expects to be', () =>
    withRig(build, async (rig) => {
      await begin(rig, { renewWith: anna });
      resultOf(await rig.sdk.call('qb', 'createSession', anna));
      for (const goneShape of ['object', 'array'] as const) {
        rig.emulator.change({ goneShape });
        rig.emulator.endSessions();
        resultOf(await rig.sdk.call('qb', 'users.get', 7));
      }
      assert.equal(
        rig.calls().filter((call) => call === 'POST /session.json 201'),
        ['POST /session.json 201', 'POST /session.json 201', 'POST /session.json 201'],
      );
    }),
  );

  real('does not reach a server whose certificate it does not trust', () =>
    withRig(build, async (rig) => {
      const sdk = await startSdk(build);
      try {
        await begin({ ...rig, sdk });
        await sdk.call('qb', 'createSession', {});
        assert.equal(rig.calls(), []);
      } finally {
        await sdk.close();
      }
    }),
  );

  real.run();
}

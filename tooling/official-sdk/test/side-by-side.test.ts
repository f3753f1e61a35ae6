import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as scenes from '../src/side-by-side.ts';

const beside = suite('official SDK · side by side');

beside('is of the version that is described', () => {
  const file = createRequire(import.meta.url).resolve('quickblox/package.json');
  assert.is((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version, '2.23.0');
});

const expected: readonly [scene: () => Promise<scenes.Observation>, theirs: string | RegExp, ours: string][] = [
  [scenes.refusedConnection, 'success, with undefined', 'credential.renewal-failed < http.network'],
  [scenes.timeout, 'success, with undefined', 'credential.renewal-failed < http.timeout'],
  [scenes.expiredSession, /; sessions asked for: ([2-9]\d|100)$/, '100 × success; sessions asked for: 1'],
  [
    scenes.goneForGood,
    'goes on (stopped by us after 50 new sessions)',
    'quickblox.session-gone; sessions asked for: 1',
  ],
  [scenes.twoApplications, 'session of 86716', 'session of 76730'],
  [
    scenes.skewedClock,
    'error 422 {"errors":{"base":["Bad timestamp"]}}; sessions asked for: 1',
    'success; sessions asked for: 2',
  ],
  [
    scenes.wrongPassword,
    'error 401 {"errors":["Unauthorized"]}; sessions asked for: 1',
    'credential.refused < quickblox.bad-credentials; sessions asked for: 1',
  ],
  [
    scenes.missingPassword,
    'success, session of the application',
    'TypeError: login.password must be text that is not empty',
  ],
  [scenes.firebasePhone, 'error 422 {"errors":["Bad Authentication data"]}', 'session of user 9'],
  [scenes.nonces, /^[1-9]\d* nonces used again$/, '0 nonces used again'],
];

for (const [scene, theirs, ours] of expected) {
  beside(`${scene.name}: both are as described`, async () => {
    const seen = await scene();
    assert.is(seen.ours, ours);
    if (typeof theirs === 'string') assert.is(seen.theirs, theirs);
    else assert.match(seen.theirs, theirs);
  });
}

beside('nothing that is compared goes without a test', () => {
  assert.equal(
    expected.map(([scene]) => scene),
    [...scenes.situations],
  );
});

beside.run();

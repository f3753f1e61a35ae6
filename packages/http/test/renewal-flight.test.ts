import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError } from '../src/errors.ts';
import { createLiveness } from '../src/liveness.ts';
import { createRenewalFlight, type RenewalFlight } from '../src/renewal-flight.ts';

interface Scene {
  readonly flight: RenewalFlight<number>;
  /** What becomes of the renewals, in order: a value, a failure, or nothing because they die. */
  readonly courses: (number | Error | 'dies')[];
  readonly begun: () => number;
  readonly deaths: () => number;
}

function scene(...courses: (number | Error | 'dies')[]): Scene {
  let begun = 0;
  let deaths = 0;
  const flight = createRenewalFlight<number>({
    provider: 'sample',
    liveness: createLiveness({
      silenceMs: 16,
      setTimer: (ring, ms) => setTimeout(courses[begun - 1] === 'dies' ? () => {} : ring, ms),
    }),
    async obtain() {
      const course = courses[begun];
      begun += 1;
      await Promise.resolve();
      if (course instanceof Error) throw course;
      return course === 'dies' || course === undefined ? new Promise(() => {}) : course;
    },
    onDeath() {
      deaths += 1;
    },
  });
  return { flight, courses, begun: () => begun, deaths: () => deaths };
}

const flights = suite('renewal-flight');
const refused = new CredentialError({ provider: 'sample', code: 'credential.refused', message: 'no' });

flights('is one for all who wait, and another for who comes later', async () => {
  const { flight, begun } = scene(1, 2);
  assert.equal(await Promise.all([flight.value(), flight.value()]), [1, 1]);
  assert.is(await flight.value(), 2);
  assert.is(begun(), 2);
});

flights('one that fails is not begun anew', async () => {
  const { flight, begun, deaths } = scene(refused, 2);
  const waiting = [flight.value(), flight.value()];
  for (const one of waiting) await rejects(one, CredentialError, 'credential.refused');
  assert.equal([begun(), deaths()], [1, 0]);
});

flights('one that dies is begun anew once, for all who wait, and its death told once', async () => {
  const { flight, begun, deaths } = scene('dies', 2);
  assert.equal(await Promise.all([flight.value(), flight.value(), flight.value()]), [2, 2, 2]);
  assert.equal([begun(), deaths()], [2, 1]);
});

flights("one that ends with an error of the platform's counts the same", async () => {
  const { flight, begun } = scene(new Error('the request has ended'), 2);
  assert.equal(await Promise.all([flight.value(), flight.value()]), [2, 2]);
  assert.is(begun(), 2);
});

for (const [name, last] of [
  ['dies', 'dies'],
  ['fails with an error of the platform’s', new Error('hush')],
] as const) {
  flights(`when its successor ${name} too, that is a failure to renew`, async () => {
    const { flight, begun } = scene('dies', last, 3);
    const { message } = await rejects(flight.value(), CredentialError, 'credential.renewal-failed');
    assert.not.match(message, 'hush');
    assert.is(begun(), 2);
  });
}

flights('who comes after it was left begins anew; who waited already gets its value', async () => {
  const { flight, begun } = scene(1, 2);
  const first = flight.value();
  flight.leave();
  assert.equal(await Promise.all([first, flight.value()]), [1, 2]);
  assert.is(begun(), 2);
});

flights('settled begins nothing, and tells nothing', async () => {
  const { flight, begun } = scene(refused);
  await flight.settled();
  assert.is(begun(), 0);
  const waiting = rejects(flight.value(), CredentialError, 'credential.refused');
  await flight.settled();
  await waiting;
  const dying = scene('dies', 2);
  const value = dying.flight.value();
  await dying.flight.settled();
  assert.is(await value, 2);
});

flights.run();

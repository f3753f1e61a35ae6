import { type BegunWork, flightBattery } from '@x/testing';
import { suite } from 'uvu';
import { memoryStore } from '../../src/memory-store.ts';
import { renewableCredential } from '../../src/renewable-credential.ts';

for (const [where, makeStore] of [
  ['alone', () => undefined],
  ['with a store', () => memoryStore()],
] as const) {
  const sharing = suite(`renewable-credential · one renewal for all, ${where}`);
  const battery = flightBattery({
    make({ waitUntil }) {
      const begun: BegunWork[] = [];
      const { get } = renewableCredential<string>({
        provider: 'sample',
        key: 'sample/1',
        store: makeStore(),
        waitUntil,
        issue: () =>
          new Promise((resolve, reject) => {
            begun.push({ succeed: () => resolve('token'), fail: () => reject(new Error('no')) });
          }),
        toHeaders: (token) => ({ 'x-token': token }),
        expiresAtMs: () => undefined,
      });
      return { ask: (signal) => get({ signal }), begun };
    },
    givenUp: 'joined', // what the others wait for may be spent by it
    canOutlive: true,
  });
  for (const [name, run] of battery) sharing(name, run);
  sharing.run();
}

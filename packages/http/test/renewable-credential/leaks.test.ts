import { inspect } from 'node:util';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CredentialError } from '../../src/errors.ts';
import { memoryStore } from '../../src/memory-store.ts';
import { bench } from './bench.ts';

const leaks = suite('renewable-credential · leaks');

leaks('no value shows in errors and events', async () => {
  const marker = 'm4rk3r-of-a-secret';
  const { credential, events } = bench({
    issue: async () => {
      throw new Error(`could not issue ${marker}`);
    },
    store: {
      ...memoryStore(),
      compareAndSet: () => Promise.reject(new Error(marker)),
    },
  });
  const error = await rejects(credential.get(), CredentialError, 'credential.renewal-failed');
  await credential.replace({ token: marker });
  await credential.get();
  const shown = [inspect(error, { depth: null, showHidden: true }), JSON.stringify(error), String(error.stack)];
  assert.not.match(`${shown.join('\n')}${JSON.stringify(events)}${inspect(credential)}`, marker);
});

leaks.run();

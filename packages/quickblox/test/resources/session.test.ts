import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getSession } from '../../src/resources/session.ts';
import { createClients, testHostile } from './harness.ts';

const session = suite('quickblox · getSession');

testHostile(session, { getSession: (client) => getSession(client) });

session('reads the session of a client, for the application and for a user', async () => {
  const { anna, application } = createClients();
  assert.is((await getSession(anna)).userId, 7);
  const own = await getSession(application);
  assert.equal([own.userId, own.applicationId], [0, 76730]);
  assert.ok('_id' in own, 'as all members');
  assert.match(own.token, /^[0-9a-f]{40}$/);
});

session.run();

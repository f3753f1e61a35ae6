import { createQuickBlox, signSession } from '@x/quickblox';
import { createEmulator } from '@x/quickblox/emulator';
import { UserPage } from '@x/quickblox/schema';
import { observeJournal } from '../checks.ts';
import { expect } from '../expect.ts';
import { flip, withBody } from '../flip.ts';
import type { Scenario } from '../scenario.ts';

const anna = { id: 7, login: 'anna', email: 'anna+qa@example.com', password: 'p&ss=w rd+1' };
const application = { id: 76730, authKey: 'ak_demo', authSecret: 'as_demo_secret', apiKeys: ['demo-api-key'] };

/** Sessions by signature, their renewal, the API key and user tokens. */
export const quickblox: Scenario = {
  provider: 'quickblox',
  title: 'sessions signed with HMAC, renewed when they are gone; API key; user tokens',
  broken: 'the signature of a session request',
  async tamper(request) {
    if (request.method !== 'POST' || !request.url.endsWith('/session.json')) return undefined;
    const form = new URLSearchParams(await request.clone().text());
    form.set('signature', flip(form.get('signature') ?? '', 0));
    return withBody(request, form.toString());
  },
  async play(stage) {
    const emulator = createEmulator({ applications: [{ ...application, users: [anna] }] });
    const { url: baseUrl, mount } = await stage.serveEmulator({
      party: 'QuickBlox',
      from: () => 'product app',
      observe: observeJournal(() => emulator.journal),
    });
    mount((request) => emulator.fetch(request));
    const { id: applicationId, authKey, authSecret } = application;
    const app = createQuickBlox({ applicationId, authKey, authSecret, apiKey: 'demo-api-key', baseUrl });

    const { normalized } = signSession(
      { application_id: applicationId, auth_key: authKey, nonce: 1, timestamp: 1 },
      { secret: authSecret },
    );
    const names = normalized.split('&').map((pair) => pair.split('=')[0]);
    stage.note('product app', `signs ${names.join(', ')} with HMAC-SHA1`);
    const info = await app.session({ kind: 'application' }).info();
    expect(info.userId === 0, 'an application session has no user');

    const session = app.session({ kind: 'email', email: anna.email, password: anna.password });
    const { items } = await session.client.get('users.json').json(UserPage);
    expect(
      items.some(({ login }) => login === 'anna'),
      'a signed-in user sees the users',
    );

    emulator.endSessions();
    stage.note('QuickBlox', 'forgets every session, as after two idle hours');
    const before = emulator.journal.entries.length;
    const answers = await Promise.all(Array.from({ length: 5 }, () => session.client.get('users/7.json')));
    const asked = emulator.journal.entries.slice(before);
    const renewals = asked.filter(({ path }) => path === '/session.json').length;
    expect(
      answers.every(({ ok }) => ok),
      'five requests at once survive the loss',
    );
    expect(renewals === 1, `one new session serves all five, seen ${renewals}`);

    const { token } = await app.createUserToken(7);
    expect(token.length > 0, 'a user token is minted');
    const page = await app.server({ onBehalfOf: 7 }).client.get('users.json').json(UserPage);
    expect(page.items.length > 0, 'the API key acts for the user');
    expect(emulator.journal.warnings().length === 0, 'QuickBlox has nothing to complain about');
    return ['signed sessions accepted', 'one renewal for five requests', 'API key acts on behalf of a user'];
  },
};

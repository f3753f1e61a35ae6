import { memoryStore } from '@x/http/store';
import { createAuthorizationHandler, saveAccessToken, storeVerifier } from '@x/hypelabs';
import { createEmulator } from '@x/hypelabs/emulator';
import { createCheckCollector } from '../checks.ts';
import { expect } from '../expect.ts';
import { flip, withBody } from '../flip.ts';
import { Caught, type Scenario } from '../scenario.ts';

const apiUser = 'hypelabs-demo';
const apiSecret = 'a demo secret of enough length';
const appId = '1a2b3c4d';

/** The authorization endpoint, asked by the certification service for devices with good and bad tokens. */
export const hypelabs: Scenario = {
  provider: 'hypelabs',
  title: 'the authorization endpoint: callers in constant time, exactly 200 for a valid token',
  broken: 'the api_secret of an authorization request',
  async tamper(request) {
    const body = JSON.parse(await request.clone().text()) as Record<string, string>;
    return withBody(request, JSON.stringify({ ...body, api_secret: flip(body['api_secret'] ?? '', 3) }));
  },
  async play(stage) {
    const seen = createCheckCollector();
    const store = memoryStore();
    let reason: string | undefined;
    const product = await stage.serveApp({ from: () => 'HypeLabs', observe: () => seen.take });
    product.mount(
      createAuthorizationHandler({
        apps: [{ name: 'demo', apiUser, apiSecret, verifier: storeVerifier({ store }) }],
        requireUserIdentifier: true,
        onEvent: (decision) => {
          reason = decision.reason;
          const isCallerKnown = decision.app !== undefined;
          seen.add({ name: 'caller', ok: isCallerKnown });
          if (isCallerKnown) {
            seen.add({ name: 'token and user', ok: decision.allowed, detail: decision.allowed ? undefined : reason });
          }
        },
      }),
    );
    const emulator = createEmulator({
      apps: [{ appId, apiUser, apiSecret, authorization: `${product.url}/hypelabs/authorize` }],
    });

    const grant = { subject: 'user 7', userIdentifier: 7, expiresAtMs: Date.now() + 60_000 };
    await saveAccessToken(store, 'token-of-user-7', grant);
    stage.note('device', 'starts with “Bearer …” of user 7');
    const good = emulator.device(appId, { userIdentifier: 7, accessToken: () => 'Bearer token-of-user-7' });
    const started = await good.start();
    if (started.outcome === 'failed') throw new Caught(`the product app denied the request: ${reason}`);
    expect(emulator.mesh.verify(started.certificate).ok, 'the certificate convinces the mesh');

    stage.note('device', 'starts again and needs nobody: its certificate is valid');
    const before = stage.steps.length;
    await good.start();
    expect(stage.steps.length === before, 'a valid certificate asks nobody');

    stage.note('device', 'starts with an unknown token');
    const unknown = await emulator.device(appId, { userIdentifier: 7, accessToken: () => 'Bearer stolen' }).start();
    expect(unknown.outcome === 'failed', 'an unknown token gets no certificate');
    stage.note('device', 'starts as user 8 with the token of user 7');
    const other = await emulator
      .device(appId, { userIdentifier: 8, accessToken: () => 'Bearer token-of-user-7' })
      .start();
    expect(other.outcome === 'failed', 'a token is good for its own user only');
    expect(
      emulator.journal.warnings().length === 0,
      'HypeLabs has nothing to complain about, least of all denials that differ',
    );
    return ['certificate for a valid token', 'denials that look alike', 'no certificate in another user’s name'];
  },
};

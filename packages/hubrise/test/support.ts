import { manualClock, seededRandom } from '@x/testing';
import { type CreateEmulatorOptions, createEmulator, type Emulator } from '../src/emulator/index.ts';
import { createHubRise, type HubRise } from '../src/hubrise.ts';
import type { CreateHubRiseOptions } from '../src/options.ts';

export const clientId = '100000000001.clients.hubrise.com';
export const clientSecret = 'test_client_secret';
export const redirectUri = 'https://myapp.com/oauth_callback';

/** An emulator and a client that calls it, on one clock. */
export function setUp(
  emulatorOptions: CreateEmulatorOptions = {},
  hubriseOptions: Partial<CreateHubRiseOptions> = {},
): { clock: ReturnType<typeof manualClock>; emulator: Emulator; hubrise: HubRise } {
  const clock = manualClock();
  const emulator = createEmulator({ clock, random: seededRandom(7), ...emulatorOptions });
  const hubrise = createHubRise({
    ...{ clientId, clientSecret, fetch: emulator.fetch, clock, timeoutMs: 60_000 },
    ...hubriseOptions,
  });
  return { clock, emulator, hubrise };
}

/** What the browser is sent to when it opens a URL. */
export async function follow(emulator: Emulator, url: URL | string): Promise<URL> {
  const response = await emulator.fetch(url, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (response.status !== 302 || location === null) throw new Error(`expected a redirect, got ${response.status}`);
  return new URL(location);
}

/** Runs the web flow up to the code. */
export async function obtainCode(
  emulator: Emulator,
  hubrise: HubRise,
  request: Partial<Parameters<HubRise['authorizeUrl']>[0]> = {},
): Promise<string> {
  const asked = { redirectUri, scope: { location: ['orders.write'] }, state: 's', ...request };
  const url = await follow(emulator, hubrise.authorizeUrl(asked as Parameters<HubRise['authorizeUrl']>[0]));
  return url.searchParams.get('code') ?? '';
}

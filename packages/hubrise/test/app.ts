import { seededRandom } from '@x/testing';
import * as assert from 'uvu/assert';
import {
  type ConnectEvent,
  type Connected,
  type ConnectFailure,
  type CreateConnectHandlerOptions,
  createConnectHandler,
} from '../src/handler.ts';
import { redirectUri, setUp } from './support.ts';

export const beginUrl = 'https://myapp.com/hubrise/connect';
export const cookieName = '__Host-hubrise-connect';
export const keys = [{ id: 'k1', key: new Uint8Array(32).fill(7) }];

/** An application with its browser: the handler, and everything that it told. */
export function setUpApp(options: Partial<CreateConnectHandlerOptions> = {}, emulatorOptions = {}) {
  const { clock, emulator, hubrise } = setUp(emulatorOptions);
  const connected: Connected[] = [];
  const failures: ConnectFailure[] = [];
  const events: ConnectEvent[] = [];
  const handler = createConnectHandler({
    hubrise,
    keys,
    redirectUri,
    scope: { location: ['orders.write'] },
    clock,
    random: seededRandom(3),
    onConnected: (one) => void connected.push(one),
    onFailed: (one) => void failures.push(one),
    onEvent: (event) => void events.push(event),
    ...options,
  });

  /** Begins a flow: where HubRise is asked to send the browser, and the browser's cookie. */
  async function begin(): Promise<{ authorize: URL; state: string; cookie: string }> {
    const response = await handler(new Request(beginUrl));
    assert.is(response.status, 303);
    const authorize = new URL(response.headers.get('location') ?? '');
    const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    return { authorize, state: authorize.searchParams.get('state') ?? '', cookie };
  }

  /** Lets the user decide, and gives the callback that the browser would request. */
  async function consent(authorize: URL): Promise<URL> {
    const response = await emulator.fetch(authorize);
    return new URL(response.headers.get('location') ?? '');
  }

  const finish = (url: URL | string, cookie?: string): Promise<Response> =>
    handler(new Request(url, { headers: cookie === undefined ? {} : { cookie } }));
  return { clock, emulator, hubrise, handler, connected, failures, events, begin, consent, finish };
}

import { encodeHex, type RandomSource, type Secret, toSecret } from '@x/crypto';
import { checkOptions } from '@x/http/options';
import * as v from 'valibot';
import type { AppChanges, AuthorizationService, EmulatedApp } from './options.ts';

/** Where an app's devices are authorized. */
export type Target =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'handler'; readonly url: string; readonly handler: AuthorizationService };

/** One app of the dashboard with what happens to it. */
export interface AppState {
  readonly appId: string;
  mode: 'development' | 'production';
  target: Target | undefined;
  apiUser: string;
  apiSecret: Secret;
  developmentToken: string;
  deploymentsLeft: number;
}

const anything = v.optional(v.any()); // looked at by what it is for

const AppShape = v.strictObject({
  appId: anything,
  mode: anything,
  authorization: anything,
  apiUser: anything,
  apiSecret: anything,
  developmentToken: anything,
  deploymentsLeft: anything,
});

/** What a handler that is called directly reads as its URL. */
const handlerUrl = 'https://app.example/hypelabs/authorize';

/**
 * Sets an app up.
 *
 * @throws {TypeError | RangeError} Naming the setting.
 * @see HypeLabs fact sheet §1.3, §8 item 21, §10.
 */
export function createApp(app: EmulatedApp, random: RandomSource): AppState {
  if (!/^[0-9a-f]{8}$/i.test(app.appId)) throw new TypeError('appId must be eight hexadecimal digits');
  const state: AppState = {
    appId: app.appId.toLowerCase(),
    mode: 'production',
    target: undefined,
    apiUser: '',
    apiSecret: readSecret(app.apiSecret),
    developmentToken: app.developmentToken ?? encodeHex(random(8)),
    deploymentsLeft: 10,
  };
  changeApp(state, app);
  return state;
}

/** Changes what the dashboard shows. @throws {TypeError | RangeError} Naming the setting; nothing is changed then. */
export function changeApp(state: AppState, changes: AppChanges): void {
  checkOptions(AppShape, changes);
  const { authorization, apiSecret, ...plain } = changes;
  const next: AppState = {
    ...state,
    mode: plain.mode ?? state.mode,
    target: authorization === undefined ? state.target : readTarget(authorization),
    apiUser: plain.apiUser ?? state.apiUser,
    apiSecret: apiSecret === undefined ? state.apiSecret : readSecret(apiSecret),
    developmentToken: plain.developmentToken ?? state.developmentToken,
    deploymentsLeft: plain.deploymentsLeft ?? state.deploymentsLeft,
  };
  if (next.mode !== 'development' && next.mode !== 'production')
    throw new TypeError("mode must be 'development' or 'production'");
  if (typeof next.apiUser !== 'string' || next.apiUser === '')
    throw new TypeError('apiUser must be text that is not empty');
  if (next.mode === 'production' && next.target === undefined) {
    throw new TypeError('authorization is missing: an app in production needs one');
  }
  if (!Number.isInteger(next.deploymentsLeft) || next.deploymentsLeft < 0) {
    throw new RangeError('deploymentsLeft must be a whole number from 0');
  }
  Object.assign(state, next);
}

function readSecret(value: string | Secret): Secret {
  try {
    return toSecret(value);
  } catch {
    throw new TypeError('apiSecret must be well-formed text that is not empty, or a Secret');
  }
}

function readTarget(authorization: string | URL | AuthorizationService): Target {
  if (typeof authorization === 'function') return { kind: 'handler', url: handlerUrl, handler: authorization };
  if (!URL.canParse(String(authorization))) throw new TypeError('authorization must be a URL or a handler');
  return { kind: 'url', url: new URL(String(authorization)).href };
}

import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { maskSecret } from '@x/http/emulator';
import { json } from '@x/http/server';
import type { AppState } from './app-state.ts';
import type { Certify } from './certification.ts';
import type { Device, DeviceOptions } from './device.ts';

/** What the routes work with. */
export interface RouteContext {
  readonly findApp: (appId: string) => AppState | undefined;
  readonly certify: Certify;
  readonly createDevice: (appId: string, options: DeviceOptions) => Device;
}

const maxUserIdentifier = 2_147_483_647;

/**
 * Lists what the emulator answers over HTTP.
 *
 * None of it is HypeLabs': the SDK's protocol and the dashboard's are not published. `POST /certificates` is the SDK's
 * call, `GET /apps/:appId` the dashboard's page of settings, `POST /devices/:appId/start` lets a page start a phone.
 */
export function createRoutes({ findApp, certify, createDevice }: RouteContext): EmulatorRoute[] {
  const phones = new Map<string, Phone>();

  return [
    {
      method: 'POST',
      path: '/certificates',
      async handle(exchange) {
        const body = await readObject(exchange);
        const { appId, authorization, userIdentifier } = body ?? {};
        if (!exchange.check('request-readable', typeof appId === 'string' && typeof authorization === 'string')) {
          return json({ reason: 'offline' }, { status: 400 });
        }
        const app = findApp(String(appId));
        if (!exchange.check('app-known', app !== undefined) || app === undefined) {
          return json({ reason: 'app-unknown' }, { status: 404 });
        }
        const valid = isUserIdentifier(userIdentifier) ? userIdentifier : undefined;
        if (userIdentifier !== valid)
          exchange.warn('a user identifier that the SDK considers invalid is not passed on');
        const result = await certify(app, { authorization: String(authorization), userIdentifier: valid });
        exchange.check('authorized', result.ok, result.ok ? app.mode : result.reason);
        if (result.ok) return json({ certificate: result.certificate }, { status: 201 });
        return json({ reason: result.reason, status: result.status }, { status: 403 });
      },
    },
    {
      method: 'GET',
      path: '/apps/:appId',
      handle({ params }) {
        const app = findApp(params['appId'] ?? '');
        return app === undefined ? json({ reason: 'app-unknown' }, { status: 404 }) : json(describeApp(app));
      },
    },
    {
      method: 'POST',
      path: '/devices/:appId/start',
      async handle(exchange) {
        const appId = exchange.params['appId'] ?? '';
        const order = readStartOrder(await readObject(exchange));
        if (!exchange.check('request-readable', order !== undefined) || order === undefined) {
          return json({ reason: 'malformed' }, { status: 400 });
        }
        const { device, accessToken, userIdentifier } = order;
        const key = JSON.stringify([appId, device, userIdentifier]);
        const phone = phones.get(key) ?? createPhone(appId, userIdentifier, createDevice);
        phones.set(key, phone);
        phone.token = accessToken;
        return json(await phone.device.start());
      },
    },
  ];
}

/** A device that a page starts: its certificate stays, its token is the one that came last. */
interface Phone {
  readonly device: Device;
  token: string | null;
}

/** What a page asks for: which phone, with which token and user. Another user's phone is another phone. */
interface StartOrder {
  readonly device: string;
  readonly accessToken: string | null;
  readonly userIdentifier: number | undefined;
}

function readStartOrder(body: Record<string, unknown> | undefined): StartOrder | undefined {
  if (body === undefined) return undefined;
  const { device = 'phone', accessToken = null, userIdentifier } = body;
  if (typeof device !== 'string' || (accessToken !== null && typeof accessToken !== 'string')) return undefined;
  if (userIdentifier !== undefined && typeof userIdentifier !== 'number') return undefined;
  return { device, accessToken, userIdentifier };
}

function createPhone(
  appId: string,
  userIdentifier: number | undefined,
  createDevice: RouteContext['createDevice'],
): Phone {
  const phone: Phone = {
    token: null,
    device: createDevice(appId, {
      userIdentifier,
      accessToken: () => phone.token,
    }),
  };
  return phone;
}

function describeApp({ appId, mode, target, apiUser, apiSecret, developmentToken, deploymentsLeft }: AppState): object {
  return {
    appId,
    mode,
    authorizationUrl: target?.url ?? null,
    apiUser,
    apiSecret: maskSecret(apiSecret.reveal()),
    // HypeLabs' dashboard shows it too; in production it is worth nothing
    ...(mode === 'development' ? { developmentToken, deploymentsLeft } : {}),
  };
}

async function readObject(exchange: Exchange): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await exchange.body());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isUserIdentifier(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maxUserIdentifier;
}

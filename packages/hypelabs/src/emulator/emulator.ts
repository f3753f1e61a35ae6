import { systemClock, systemRandom } from '@x/crypto';
import { createScaffold, type Scaffold } from '@x/http/emulator';
import { checkOptions } from '@x/http/options';
import * as v from 'valibot';
import { changeApp, createApp } from './app-state.ts';
import { type Certificate, createAuthority, type MeshVerification } from './authority.ts';
import { createCertification } from './certification.ts';
import { createDevice, type Device, type DeviceOptions } from './device.ts';
import { type HostileOptions, type HostileReport, runHostile } from './hostile/run.ts';
import type { AppChanges, AuthorizationService, CreateEmulatorOptions } from './options.ts';
import { createRoutes } from './routes.ts';
import { changeWire, defaultWire, type Wire } from './wire.ts';

/** HypeLabs' side of the authorization: certification service, dashboard, and phones with the SDK. */
export interface Emulator extends Pick<Scaffold, 'fetch' | 'journal' | 'faults' | 'serve'> {
  /** Makes a phone. Faults on the path `/certificates` disturb its connection. */
  device(appId: string, options: DeviceOptions): Device;
  readonly mesh: {
    /** Tells what another device learns from a certificate. */
    verify(certificate: Certificate): MeshVerification;
  };
  /** Changes an app's settings as its dashboard does. @throws {TypeError | RangeError} Naming the setting. */
  configure(appId: string, changes: AppChanges): void;
  /** Changes how requests are written from now on. @throws {TypeError} Naming what is unknown or wrong. */
  setWire(changes: Partial<Wire>): void;
  /** What the dashboard shows to developers. */
  developmentToken(appId: string): string;
  /** Sends an app's authorization service everything that it must survive; see {@link HostileOptions}. */
  hostile(appId: string, options: HostileOptions): Promise<HostileReport>;
}

const anything = v.optional(v.any()); // looked at by what it is for

const OptionsShape = v.strictObject({
  apps: anything,
  wire: anything,
  certificateLifetimeMs: anything,
  renewAheadMs: anything,
  callTimeoutMs: anything,
  fetch: anything,
  clock: anything,
  random: anything,
  sleep: anything,
});

const dayMs = 86_400_000;
const longestMs = 3650 * dayMs;

/**
 * Makes the emulator.
 *
 * Everything is in memory, and repeatable under `clock` and `random`. The journal holds each call with its verdicts,
 * secrets and tokens masked; its warnings are empty as long as the authorization service behaves.
 *
 * @throws {TypeError | RangeError} Naming the option.
 * @see HypeLabs fact sheet §1, §10.
 */
export function createEmulator(options: CreateEmulatorOptions): Emulator {
  checkOptions(OptionsShape, options);
  const {
    clock = systemClock,
    random = systemRandom,
    certificateLifetimeMs = 30 * dayMs,
    renewAheadMs = dayMs,
  } = options;
  const { callTimeoutMs: timeoutMs = 10_000 } = options;
  const fetch: AuthorizationService = options.fetch ?? ((request) => globalThis.fetch(request));
  checkMs('certificateLifetimeMs', certificateLifetimeMs, longestMs);
  checkMs('renewAheadMs', renewAheadMs, longestMs);
  checkMs('callTimeoutMs', timeoutMs, 600_000);

  const apps = new Map(options.apps.map((app) => createApp(app, random)).map((app) => [app.appId, app]));
  if (apps.size === 0 || apps.size !== options.apps.length) {
    throw new TypeError('apps must hold at least one app, each with an appId of its own');
  }
  let wire = changeWire(defaultWire, options.wire);

  const authority = createAuthority({ clock, random, lifetimeMs: certificateLifetimeMs });
  const findApp = (appId: string): ReturnType<typeof apps.get> => apps.get(appId.toLowerCase());
  const scaffold = createScaffold({
    clock,
    random,
    sleep: options.sleep,
    routes: createRoutes({
      findApp,
      createDevice: makeDevice,
      certify: (app, request) => certify(app, request),
    }),
  });
  const { journal } = scaffold;
  const certify = createCertification({ authority, journal, clock, fetch, timeoutMs, wire: () => wire });

  function makeDevice(appId: string, deviceOptions: DeviceOptions): Device {
    return createDevice(appId, deviceOptions, { fetch: (request) => scaffold.fetch(request), clock, renewAheadMs });
  }

  function appOf(appId: string): NonNullable<ReturnType<typeof findApp>> {
    const app = findApp(appId);
    if (app === undefined) throw new TypeError('appId must be that of an app of this emulator');
    return app;
  }

  return {
    fetch: scaffold.fetch,
    journal,
    faults: scaffold.faults,
    serve: scaffold.serve,
    device: makeDevice,
    mesh: { verify: authority.verify },
    configure: (appId, changes) => changeApp(appOf(appId), changes),
    setWire(changes) {
      wire = changeWire(wire, changes);
    },
    developmentToken: (appId) => appOf(appId).developmentToken,
    hostile: (appId, hostileOptions) =>
      runHostile(appOf(appId), hostileOptions, { apps: [...apps.values()], journal, fetch, timeoutMs }),
  };
}

function checkMs(option: string, value: number, maxMs: number): void {
  if (!Number.isInteger(value) || value < 1 || value > maxMs) {
    throw new RangeError(`${option} must be a whole number of milliseconds from 1 to ${maxMs}`);
  }
}

import type { Clock, RandomSource, Secret } from '@x/crypto';
import type { Sleep } from '@x/http/emulator';
import type { Wire } from './wire.ts';

/** Answers an authorization request, as a product team's server would. */
export type AuthorizationService = (request: Request) => Promise<Response>;

/** One app of the dashboard. */
export interface EmulatedApp {
  /** The SDK's app identifier: eight hexadecimal digits. */
  readonly appId: string;
  /** Default `production`. In `development` the authorization URL is not called. */
  readonly mode?: 'development' | 'production' | undefined;
  /** Where devices are authorized: a URL, called with `fetch`, or the handler itself. Needed in production. */
  readonly authorization?: string | URL | AuthorizationService | undefined;
  readonly apiUser: string;
  readonly apiSecret: string | Secret;
  /** What devices present in development, without prefix; default 16 random hex digits. */
  readonly developmentToken?: string | undefined;
  /** Certificates that development may still issue; default 10. */
  readonly deploymentsLeft?: number | undefined;
}

/** What can be changed in the dashboard later. */
export type AppChanges = Partial<Omit<EmulatedApp, 'appId'>>;

/** Options of `createEmulator`. */
export interface CreateEmulatorOptions {
  /** At least one. */
  readonly apps: readonly EmulatedApp[];
  /** How requests are written; see {@link Wire}. */
  readonly wire?: Partial<Wire> | undefined;
  /** Milliseconds that a certificate is valid; default 2,592,000,000 (30 days). HypeLabs does not say. */
  readonly certificateLifetimeMs?: number | undefined;
  /** Milliseconds before the end at which a start renews; default 86,400,000 (a day). HypeLabs does not say. */
  readonly renewAheadMs?: number | undefined;
  /** Milliseconds that the authorization service may take; default 10,000. HypeLabs does not say. */
  readonly callTimeoutMs?: number | undefined;
  /** Calls authorization URLs; default the platform's. */
  readonly fetch?: AuthorizationService | undefined;
  /** Default the platform's clock, in milliseconds since 1970. */
  readonly clock?: Clock | undefined;
  /** Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
  /** How latency waits, as for `createScaffold` of @x/http/emulator; default by the platform's timer. */
  readonly sleep?: Sleep | undefined;
}

import type { Clock, RandomSource } from '@x/crypto';
import type { Sleep } from '@x/http/emulator';
import type { EmulatorApp, EmulatorUser } from './registry.ts';
import type { Transport } from './transport.ts';

/** Options of `createEmulator`. */
export interface CreateEmulatorOptions {
  /** Registered from the start. Default none. */
  readonly apps?: readonly EmulatorApp[] | undefined;
  /** Known from the start. Default none. */
  readonly users?: readonly EmulatorUser[] | undefined;
  /** Origin of the emulated Hub until `serve` gives it another. Default `https://core.broadsoftlabs.com`. */
  readonly origin?: string | undefined;
  /** Tells the time. Default the platform's clock. */
  readonly clock?: Clock | undefined;
  /** Gives random bytes. Default the platform's cryptographic source. */
  readonly random?: RandomSource | undefined;
  /** How latency waits, as for `createScaffold` of @x/http/emulator; default by the platform's timer. */
  readonly sleep?: Sleep | undefined;
  /** Reaches apps without `handle`, and other hosts on a browser's way. Default the network. */
  readonly transport?: Transport | undefined;
}

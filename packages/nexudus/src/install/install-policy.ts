import { type Clock, type Secret, systemClock } from '@x/crypto';
import { resolveSecrets, type SecretOption } from '../secrets.ts';

/** Which values pass as the installation token `t`. */
export type TokenShape = 'guid' | 'printable';

/** What tells a genuine install callback from others. */
export interface VerifyInstallOptions {
  /** The application key: 1 to 256 printable ASCII characters, neither `:` nor `|`. Compared exactly, case included. */
  readonly applicationKey: string;
  /** The application's secret; during a rotation several, newest first. Must be long and random. */
  readonly secret: SecretOption;
  /** Milliseconds that `d` may lie in the past, 0 to 315,576,000,000 (ten years); default 86,400,000 (a day). */
  readonly maxAgeMs?: number | undefined;
  /** Milliseconds that `d` may lie in the future, same range; default 86,400,000 (a day). */
  readonly maxAheadMs?: number | undefined;
  /** Milliseconds by which the clock behind `d` is ahead of UTC, -50,400,000 to 50,400,000 (14 hours); default 0. */
  readonly serverOffsetMs?: number | undefined;
  /**
   * `guid` (default): 32 hex digits in any case, dashes of a GUID allowed. `printable`: 1 to 256 printable ASCII
   * characters without `|`. In both, nothing that could also be a `d` passes.
   */
  readonly tokenShape?: TokenShape | undefined;
  /** Default: the platform's. */
  readonly clock?: Clock | undefined;
}

/** {@link VerifyInstallOptions}, checked and complete. */
export interface InstallPolicy {
  readonly applicationKey: string;
  readonly secrets: readonly Secret[];
  readonly maxAgeMs: number;
  readonly maxAheadMs: number;
  readonly serverOffsetMs: number;
  readonly tokenShape: TokenShape;
  readonly clock: Clock;
}

const dayMs = 86_400_000;
const tenYearsMs = 315_576_000_000;
const widestZoneMs = 50_400_000;

/**
 * Checks the options of install verification. By hand, because an entry that only verifies should not wait for valibot.
 *
 * @throws {TypeError} Naming an option that is missing or of the wrong kind; the value is never shown.
 * @throws {RangeError} Naming a duration that is out of range.
 */
export function resolveInstallPolicy(options: VerifyInstallOptions): InstallPolicy {
  const { applicationKey, maxAgeMs = dayMs, maxAheadMs = dayMs, serverOffsetMs = 0 } = options;
  const { tokenShape = 'guid', clock = systemClock } = options;
  for (const name of ['applicationKey', 'secret'] as const) {
    if (options[name] === undefined) throw new TypeError(`${name} is missing`);
  }
  const secrets = resolveSecrets('secret', options.secret);
  if (typeof applicationKey !== 'string' || !/^[\x21-\x39\x3b-\x7b\x7d\x7e]{1,256}$/.test(applicationKey)) {
    throw new TypeError('applicationKey must be 1 to 256 printable ASCII characters without : and |');
  }
  assertMilliseconds('maxAgeMs', maxAgeMs, 0, tenYearsMs);
  assertMilliseconds('maxAheadMs', maxAheadMs, 0, tenYearsMs);
  assertMilliseconds('serverOffsetMs', serverOffsetMs, -widestZoneMs, widestZoneMs);
  if (tokenShape !== 'guid' && tokenShape !== 'printable') {
    throw new TypeError("tokenShape must be 'guid' or 'printable'");
  }
  if (typeof clock !== 'function') throw new TypeError('clock must be a function');
  return Object.freeze({ applicationKey, secrets, maxAgeMs, maxAheadMs, serverOffsetMs, tokenShape, clock });
}

function assertMilliseconds(name: string, value: number, min: number, max: number): void {
  const Failure = typeof value !== 'number' || Number.isNaN(value) ? TypeError : RangeError;
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new Failure(`${name} must be a whole number of milliseconds from ${min} to ${max}`);
}

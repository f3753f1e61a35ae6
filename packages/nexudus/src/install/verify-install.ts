import { constantTimeEqual } from '@x/crypto';
import { readParameters } from '@x/http/server';
import { findCheckValue, type InstallOrder } from './check-value.ts';
import { type InstallHints, readHints } from './hints.ts';
import {
  type InstallPolicy,
  resolveInstallPolicy,
  type TokenShape,
  type VerifyInstallOptions,
} from './install-policy.ts';
import { parseTicks, ticksToUnixMs, unixMsToTicks } from './ticks.ts';

/** Where an install callback can be read from. A text is a URL, absolute or from its path on. */
export type InstallSource = string | URL | URLSearchParams | Request;

/** The parameters that must come exactly once. */
export type InstallParameter = 'a' | 't' | 'd' | 'h';

/** A callback that Nexudus made. */
export interface VerifiedInstall {
  readonly ok: true;
  /** `a` as received: the user name of the API credentials. */
  readonly applicationKey: string;
  /** `t`: keep it encrypted, the API credentials are derived from it. */
  readonly installToken: string;
  /** `d` as received. */
  readonly ticks: string;
  /** `d` in milliseconds since 1970, less `serverOffsetMs`. */
  readonly issuedAtMs: number;
  /** Milliseconds for which the same link would go on passing: a replay store must remember it at least so long. */
  readonly remainingMs: number;
  /** `h` in lower case. */
  readonly checkValue: string;
  /** The order in which Nexudus hashed the values. */
  readonly order: InstallOrder;
  /** Whether that is the order by code unit; false hints at a culture-sensitive sort. */
  readonly isOrdinal: boolean;
  /** Index of the secret that matched; above 0 the callback was made with an older one. */
  readonly secretIndex: number;
  /** Unsigned: for display only, see {@link InstallHints}. */
  readonly hints: InstallHints;
}

/** A callback that is refused, by the first check that it failed. */
export type RefusedInstall =
  | {
      readonly ok: false;
      readonly reason: 'parameter-missing' | 'parameter-empty' | 'parameter-repeated' | 'parameter-malformed';
      readonly name: InstallParameter;
    }
  | {
      readonly ok: false;
      readonly reason: 'application-mismatch' | 'hash-mismatch' | 'timestamp-too-old' | 'timestamp-too-new';
    };

/** What a callback is: who installs, or why it was refused. */
export type VerifyInstallResult = VerifiedInstall | RefusedInstall;
/** Why a callback was refused, in the order of the checks. */
export type VerifyInstallReason = RefusedInstall['reason'];

/**
 * Checks the callback with which Nexudus sends an administrator's browser to the install URL.
 *
 * Order of checks: each of `a`, `t`, `d`, `h` exactly once, shapes, `a` is ours, check value, freshness. It neither
 * remembers the link nor confirms it with the API; `createInstallHandler` does.
 *
 * @param source The request or its URL, untouched: values are hashed as received.
 * @param options See {@link VerifyInstallOptions}.
 * @returns The verified values, or the reason of refusal. Never throws for any text.
 * @throws {TypeError} When an option or the source is of the wrong kind. @throws {RangeError} For a duration.
 * @see Nexudus fact sheet §3.3 to §3.8; vectors V1 to V13.
 */
export function verifyInstall(source: InstallSource, options: VerifyInstallOptions): VerifyInstallResult {
  return verifyWithPolicy(source, resolveInstallPolicy(options));
}

/** {@link verifyInstall} with options that were checked before. */
export function verifyWithPolicy(source: InstallSource, policy: InstallPolicy): VerifyInstallResult {
  const query = queryOf(source);
  const read = readParameters(query, { required: ['a', 't', 'd', 'h'] });
  if (!read.ok) return { ok: false, reason: read.reason, name: read.name };
  const { a, t, d, h } = read.values;

  const ticks = parseTicks(d);
  if (!/^[\x21-\x7b\x7d\x7e]{1,256}$/.test(a)) return malformed('a');
  if (!hasTokenShape(t, policy.tokenShape)) return malformed('t');
  if (ticks === undefined) return malformed('d');
  if (!/^[0-9a-f]{32}$/i.test(h)) return malformed('h');
  if (!constantTimeEqual(a, policy.applicationKey)) return { ok: false, reason: 'application-mismatch' };

  const checkValue = h.toLowerCase();
  const match = findCheckValue({ a, t, d }, checkValue, policy.secrets);
  if (match === undefined) return { ok: false, reason: 'hash-mismatch' };

  const issued = ticks - msToTicks(policy.serverOffsetMs);
  const age = unixMsToTicks(Math.floor(policy.clock())) - issued;
  if (age > msToTicks(policy.maxAgeMs)) return { ok: false, reason: 'timestamp-too-old' };
  if (-age > msToTicks(policy.maxAheadMs)) return { ok: false, reason: 'timestamp-too-new' };

  return {
    ok: true,
    applicationKey: a,
    installToken: t,
    ticks: d,
    issuedAtMs: ticksToUnixMs(issued),
    remainingMs: Number((msToTicks(policy.maxAgeMs) - age) / 10_000n),
    checkValue,
    ...match,
    hints: readHints(new URLSearchParams(query)),
  };
}

function malformed(name: InstallParameter): RefusedInstall {
  return { ok: false, reason: 'parameter-malformed', name };
}

/** Kept apart from the shape of `d`, because the hash does not say which value is which (fact sheet §3.7). */
function hasTokenShape(text: string, shape: TokenShape): boolean {
  if (parseTicks(text) !== undefined) return false;
  return shape === 'guid'
    ? /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(text)
    : /^[\x21-\x7b\x7d\x7e]{1,256}$/.test(text);
}

function msToTicks(ms: number): bigint {
  return BigInt(ms) * 10_000n;
}

/** A text is cut, not parsed: `//Install?…` would be read as a host. */
function queryOf(source: InstallSource): URLSearchParams | string {
  if (source instanceof URLSearchParams) return source;
  const text = typeof source === 'string' ? source : source instanceof URL ? source.href : (source as Request)?.url;
  if (typeof text !== 'string') throw new TypeError('source must be a URL, URLSearchParams or a Request');
  const [beforeFragment = ''] = text.split('#', 1);
  const start = beforeFragment.indexOf('?');
  return start === -1 ? '' : beforeFragment.slice(start + 1);
}

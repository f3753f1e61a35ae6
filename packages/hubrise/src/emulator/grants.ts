import { encodeHex, type RandomSource } from '@x/crypto';
import type { RequestedScope } from './requested-scope.ts';

/** Whether a connection works. @see HubRise fact sheet §9 (documented). */
export type ConnectionState = 'live' | 'revoked' | 'blocked' | 'suspended';

/** What the user chose on the page. */
export interface Choice {
  readonly level: 'location' | 'account' | 'profile';
  readonly accountId: string | undefined;
  readonly locationId: string | undefined;
  readonly catalogId: string | undefined;
  readonly customerListId: string | undefined;
  readonly userId: string | undefined;
  readonly deviceId: string | undefined;
  readonly scope: RequestedScope;
}

/** One connection: a client on a target, with one token. */
export interface Grant extends Choice {
  /** Short and public, for the emulator's controls and the store app's `app_instance_id`. */
  readonly id: string;
  readonly clientId: string;
  readonly token: string;
  state: ConnectionState;
}

interface IssuedCode {
  readonly clientId: string;
  readonly choice: Choice;
  readonly expiresAtMs: number;
  used: boolean;
}

/** Why a code gives no token. */
export type CodeRefusal = 'unknown' | 'foreign' | 'used' | 'expired';

/** Codes and connections. */
export interface Grants {
  issueCode(clientId: string, choice: Choice, nowMs: number): string;
  /** Uses a code up, and gives the connection that it leads to. */
  redeem(code: string, clientId: string, nowMs: number): Grant | CodeRefusal;
  /** The connection that an authorization of the same target would give again. */
  existing(clientId: string, choice: Choice): Grant | undefined;
  byToken(token: string): Grant | undefined;
  byId(id: string): Grant | undefined;
  all(): readonly Grant[];
}

/** @see HubRise fact sheet §5 (documented). */
const codeLifeMs = 600_000;

/** Keeps codes and connections in memory. */
export function createGrants(random: RandomSource): Grants {
  const codes = new Map<string, IssuedCode>();
  const grants = new Map<string, Grant>();

  /** The latest connection of a key that was not revoked: a revoked one is never given again (assumed). */
  function existing(clientId: string, choice: Choice): Grant | undefined {
    const key = keyOf(clientId, choice);
    return [...grants.values()].find((grant) => grant.state !== 'revoked' && keyOf(grant.clientId, grant) === key);
  }

  return {
    issueCode(clientId, choice, nowMs) {
      const code = encodeHex(random(32));
      codes.set(code, { clientId, choice, expiresAtMs: nowMs + codeLifeMs, used: false });
      return code;
    },
    redeem(code, clientId, nowMs) {
      const issued = codes.get(code);
      if (issued === undefined) return 'unknown';
      if (issued.clientId !== clientId) return 'foreign';
      if (issued.used) return 'used';
      if (nowMs >= issued.expiresAtMs) return 'expired';
      issued.used = true;
      const known = existing(clientId, issued.choice);
      const id = known?.id ?? `hr${grants.size + 1}`;
      const token = known?.token ?? encodeHex(random(20));
      // reconnecting revives a blocked connection and re-points it (HubRise fact sheet §8, §9: documented;
      // that a new scope replaces the old one: assumed)
      const state = known?.state === 'suspended' ? 'suspended' : 'live';
      const grant: Grant = { ...issued.choice, id, clientId, token, state };
      grants.set(token, grant);
      return grant;
    },
    existing,
    byToken: (token) => grants.get(token),
    byId: (id) => [...grants.values()].find((grant) => grant.id === id),
    all: () => [...grants.values()],
  };
}

/**
 * What makes two authorizations the same connection: client, target and device.
 *
 * A connection that opens a profile is also the user's own (assumed).
 *
 * @see HubRise fact sheet §8 (documented).
 */
function keyOf(clientId: string, choice: Choice): string {
  const { level, accountId, locationId, deviceId, userId, scope } = choice;
  const user = scope.profile === undefined ? undefined : userId;
  const target = level === 'location' ? locationId : level === 'account' ? accountId : undefined;
  return JSON.stringify([clientId, level, target, deviceId, user]);
}

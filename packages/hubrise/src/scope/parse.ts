import { canonicalizeScope } from './canonical.ts';
import {
  type AccessLevel,
  accessLevels,
  type Permission,
  type Profile,
  profiles,
  resources,
  rights,
  type Scope,
} from './model.ts';
import { createTokenReader, endOfText, type TokenReader } from './token-reader.ts';

/** Why a text is no scope. */
export type ScopeReason = 'scope-malformed' | 'access-set-repeated';

/** What is allowed but hardly meant: a permission or profile given twice, or a profile next to an access set. */
export type ScopeWarning = 'permission-repeated' | 'profile-repeated' | 'profile-mixed';

/** The scope in canonical form, or where the text stops being one. */
export type ParseScopeResult =
  | { readonly ok: true; readonly scope: Scope; readonly warnings: readonly ScopeWarning[] }
  | {
      readonly ok: false;
      readonly reason: ScopeReason;
      /** Index, in UTF-16 code units, of the first token that does not fit. */
      readonly position: number;
      /** Every token that would fit there; `end of text` stands for no further one. */
      readonly expected: readonly string[];
    };

interface Found {
  level: AccessLevel | undefined;
  readonly permissions: Permission[];
  readonly profiles: Profile[];
}

/**
 * Reads a scope and brings it to canonical form.
 *
 * Items may come in any order; repetitions collapse to the strongest and are reported as warnings. Case matters and
 * white space is refused, since no documented scope has any.
 *
 * @returns The scope, or the position and the tokens that would fit there. Never throws for any text.
 * @see HubRise fact sheet §3.1, §16.
 */
export function parseScope(text: string): ParseScopeResult {
  const reader = createTokenReader(text);
  const found: Found = { level: undefined, permissions: [], profiles: [] };
  do {
    if (!readItem(reader, found)) return failure(reader, found);
  } while (reader.take([',']) !== undefined);
  if (reader.take([endOfText]) === undefined) return failure(reader, found);
  return { ok: true, scope: toScope(found), warnings: warningsOf(found) };
}

function readItem(reader: TokenReader, found: Found): boolean {
  const level = found.level === undefined ? reader.take(accessLevels) : undefined;
  if (level !== undefined) {
    found.level = level;
    return readPermissions(reader, found.permissions);
  }
  const profile = reader.take(profiles);
  if (profile !== undefined) found.profiles.push(profile);
  return profile !== undefined;
}

function readPermissions(reader: TokenReader, permissions: Permission[]): boolean {
  if (reader.take(['[']) === undefined) return false;
  do {
    const resource = reader.take(resources);
    if (resource === undefined || reader.take(['.']) === undefined) return false;
    const right = reader.take(rights);
    if (right === undefined) return false;
    permissions.push(`${resource}.${right}`);
  } while (reader.take([',']) !== undefined);
  return reader.take([']']) !== undefined;
}

function failure(reader: TokenReader, { level }: Found): ParseScopeResult {
  const { position, expected } = reader.state();
  // a second access set is the one mistake that reads like a scope, so it has a reason of its own
  const repeated = level !== undefined && expected.includes('profile') && reader.take(accessLevels) !== undefined;
  return { ok: false, reason: repeated ? 'access-set-repeated' : 'scope-malformed', position, expected };
}

function toScope({ level, permissions, profiles: asked }: Found): Scope {
  const profile = asked.includes('profile_with_email') ? 'profile_with_email' : asked[0];
  const general = profile === undefined ? {} : { profile };
  // the cast: the grammar guarantees what canonicalizeScope checks again
  return canonicalizeScope((level === undefined ? general : { [level]: permissions, ...general }) as Scope);
}

function warningsOf({ level, permissions, profiles: asked }: Found): ScopeWarning[] {
  const warnings: ScopeWarning[] = [];
  const named = permissions.map((permission) => permission.slice(0, permission.indexOf('.')));
  if (new Set(named).size < named.length) warnings.push('permission-repeated');
  if (asked.length > 1) warnings.push('profile-repeated');
  if (asked.length > 0 && level !== undefined) warnings.push('profile-mixed');
  return warnings;
}

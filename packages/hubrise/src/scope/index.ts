export { canonicalizeScope } from './canonical.ts';
export { coversScope } from './cover.ts';
export { formatScope } from './format.ts';
export type { AccessLevel, Permission, Permissions, Profile, Resource, Right, Scope } from './model.ts';
export { type ParseScopeResult, parseScope, type ScopeReason, type ScopeWarning } from './parse.ts';

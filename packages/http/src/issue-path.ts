import { redactPath } from './redact.ts';
import type { StandardIssue } from './standard-schema.ts';

/** Writes where a finding lies as `items[0].id`; empty for the whole value. Keys that may be tokens are masked. */
export function issuePath({ path = [] }: StandardIssue): string {
  return path.map(keyOf).reduce<string>(appendKey, '');
}

/** A key of the path; one that may be a token, as in a record by token, is masked. */
function keyOf(step: PropertyKey | { readonly key: PropertyKey }): PropertyKey {
  const key = typeof step === 'object' ? step.key : step;
  return typeof key === 'string' ? redactPath(key) : key;
}

function appendKey(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}

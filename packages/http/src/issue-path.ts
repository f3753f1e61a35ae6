import { redactPath } from './redact.ts';
import type { StandardIssue } from './standard-schema.ts';

/** Writes where a finding lies as `items[0].id`; empty for the whole value. Keys that may be data are masked. */
export function issuePath({ path = [] }: StandardIssue): string {
  return path.map(keyOf).reduce<string>(appendKey, '');
}

/** What names of members are made of: no `@` of an address, no line that would begin another in a log. */
const name = /^[\w$.:/ -]{1,64}$/;

/** A key of the path; one that may be a value, as in a record by token or by address, is masked. */
function keyOf(step: PropertyKey | { readonly key: PropertyKey }): PropertyKey {
  const key = typeof step === 'object' ? step.key : step;
  if (typeof key !== 'string') return key;
  return name.test(key) ? redactPath(key) : '…';
}

function appendKey(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}

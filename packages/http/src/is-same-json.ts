import type { JsonValue } from '@x/crypto/light';
import { canonicalJson } from './canonical-json.ts';

/** Whether two values are the same JSON, whatever the order of their members. Undefined is the same as itself only. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalJson(one as JsonValue) === canonicalJson(other as JsonValue);
}

import type { JsonValue } from '@x/crypto/light';
import type { CredentialErrorCode } from './errors.ts';

/** What lies under the key of a shared credential. */
export interface Shelf<Value> {
  /** Counts up with every turn and every replacement. */
  readonly fence: number;
  readonly value?: Value;
  /** Who has begun to renew the value, and not ended. */
  readonly claim?: string;
  /** There was a value, and whoever holds it yet is to forget it rather than to renew it. */
  readonly cleared?: true;
}

/** What lies under the key of its lease; its expiry is the store's. */
export interface StoredLease {
  readonly owner: string;
  /** The number of the turn that it is for. */
  readonly fence: number;
  /** The turn is over, and the provider's word is that nobody needs to try for a while. */
  readonly refused?: CredentialErrorCode;
  readonly why?: RefusalReason;
}

/** What can be told to other processes of the answer behind a verdict: no text of the provider's, which may quote. */
export interface RefusalReason {
  /** Of the `ResponseError`. */
  readonly code: string;
  readonly status: number;
}

/** The provider's word that nobody needs to try for a while. */
export interface Verdict {
  readonly code: CredentialErrorCode;
  readonly why?: RefusalReason;
}

/** Reads what is stored; undefined when there is nothing, or something that nobody of us has written. */
export function readShelf<Value>(stored: JsonValue | undefined): Shelf<Value> | undefined {
  if (!isObject(stored) || !isCount(stored['fence'])) return undefined;
  const { claim } = stored;
  return claim === undefined || typeof claim === 'string' ? (stored as unknown as Shelf<Value>) : undefined;
}

/** A record as stores take it; what survives JSON is the caller's promise. */
export function asJson(record: Shelf<unknown> | StoredLease): JsonValue {
  return record as unknown as JsonValue;
}

const refusals: readonly unknown[] = ['credential.refused', 'credential.expired', 'credential.revoked'];

/** Reads a stored lease; undefined for anything else. */
export function readLease(stored: JsonValue | undefined): StoredLease | undefined {
  if (!isObject(stored) || !isCount(stored['fence']) || typeof stored['owner'] !== 'string') return undefined;
  const { refused, why } = stored;
  const isKnown = (refused === undefined || refusals.includes(refused)) && (why === undefined || isReason(why));
  return isKnown ? (stored as unknown as StoredLease) : undefined;
}

function isReason(why: JsonValue): boolean {
  return isObject(why) && typeof why['code'] === 'string' && isCount(why['status']);
}

function isObject(value: JsonValue | undefined): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

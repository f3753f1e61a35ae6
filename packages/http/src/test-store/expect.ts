import type { JsonValue } from '@x/crypto/light';
import { canonicalJson } from '../canonical-json.ts';

const failureName = 'StoreBatteryFailure';

/** Makes the error by which a case says what the store got wrong. */
export function batteryFailure(message: string): Error {
  const failure = new Error(message);
  failure.name = failureName;
  return failure;
}

/** Tells the battery's verdict from what the store itself rejects with. */
export function isBatteryFailure(error: unknown): boolean {
  return error instanceof Error && error.name === failureName;
}

/** Compares JSON, `undefined` meaning absent. */
export function expectSame(actual: JsonValue | undefined, expected: JsonValue | undefined, what: string): void {
  if (textOf(actual) !== textOf(expected)) {
    throw batteryFailure(`${what}: expected ${brief(expected)}, got ${brief(actual)}`);
  }
}

/** Expects a rejection, and neither a value nor an operation that hangs. */
export async function expectRejection(operation: Promise<unknown>, what: string): Promise<unknown> {
  let value: unknown;
  try {
    value = await operation;
  } catch (error) {
    if (isBatteryFailure(error)) throw error;
    return error;
  }
  throw batteryFailure(`${what}: expected a rejection, got ${brief(value as JsonValue | undefined)}`);
}

/** Text for equality, also of values that a faulty store makes up. */
export function textOf(value: JsonValue | undefined): string {
  return value === undefined ? 'absent' : canonicalJson(value);
}

function brief(value: JsonValue | undefined): string {
  const text = textOf(value);
  return text.length <= 100 ? text : `${text.slice(0, 100)}… (${text.length} characters)`;
}

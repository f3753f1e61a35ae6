import * as assert from 'uvu/assert';

/**
 * Asserts that a promise rejects with an error of the given class and code or message.
 *
 * @param expected A code compared with `error.code`, or a pattern for the message.
 * @returns The error, for further assertions.
 */
export async function rejects<T extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...parameters: never[]) => T,
  expected: string | RegExp,
): Promise<T> {
  let outcome: unknown;
  try {
    outcome = await promise;
  } catch (error) {
    if (!(error instanceof type)) throw error;
    if (typeof expected === 'string') assert.is((error as { code?: unknown }).code, expected);
    else assert.match(error.message, expected);
    return error;
  }
  return assert.unreachable(`expected a rejection with ${type.name}, got ${String(outcome)}`) as never;
}

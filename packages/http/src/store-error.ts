import type { JsonValue } from '@x/crypto/light';

/** Where an operation failed. */
export interface StoreErrorContext {
  /** `redis`, `postgres`, `keyv` or `sealed`. */
  readonly store: string;
  readonly operation: string;
}

const codePattern = /^[A-Z0-9][A-Z0-9_]{1,63}$/;
const classPattern = /^[A-Z]\w{0,63}$/;

/**
 * Makes the error that a store rejects with when its client failed.
 *
 * Clients quote in their errors what they sent: ioredis the command, PGlite the parameters, servers parts of either in
 * the message. So nothing of the client's error is kept but a code.
 *
 * @param replyCode A code that the client writes elsewhere than in `code`.
 * @returns An `Error` with `code`: the client's own, such as `ECONNREFUSED`, `42P01` or `WRONGTYPE`, else the name of
 *   its error's class.
 */
export function storeError({ store, operation }: StoreErrorContext, failure: unknown, replyCode?: string): Error {
  const code = replyCode ?? codeOf(failure) ?? classOf(failure);
  return Object.assign(new Error(`${store} ${operation} failed: ${code}`), { code });
}

/** Runs a client's work and replaces whatever it fails with. */
export async function withStoreError<Result>(
  context: StoreErrorContext,
  run: () => Promise<Result>,
  replyCodeOf?: (failure: unknown) => string | undefined,
): Promise<Result> {
  try {
    return await run();
  } catch (failure) {
    throw storeError(context, failure, replyCodeOf?.(failure));
  }
}

/**
 * Reads a stored text back.
 *
 * @throws {Error} With code `NOT_JSON` when something else than a store of this package has written it; a parser's
 *   own message would quote it.
 */
export function parseStored(context: StoreErrorContext, text: unknown): JsonValue {
  try {
    if (typeof text === 'string') return JSON.parse(text) as JsonValue;
  } catch {
    // told below, without the text
  }
  throw storeError(context, undefined, 'NOT_JSON');
}

function codeOf(failure: unknown): string | undefined {
  const code = (failure as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && codePattern.test(code) ? code : undefined;
}

/** Clients' classes often leave `name` as it is, so the constructor tells more. */
function classOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'Error';
  const name = failure.name === 'Error' ? failure.constructor.name : failure.name;
  return classPattern.test(name) ? name : 'Error';
}

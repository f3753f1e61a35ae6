import { isXError } from '@x/http';

/** Says what went wrong, with the codes down to the first cause. */
export function describeError(error: unknown): string {
  if (isXError(error)) {
    const codes: string[] = [];
    for (let current: unknown = error; isXError(current); current = current.cause) codes.push(current.code);
    return `${codes.join(' ← ')}: ${error.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}

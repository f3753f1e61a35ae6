import type { CallOptions } from '../client.ts';

/** How a file's content is sent. */
export interface UploadOptions extends CallOptions {
  /** Milliseconds for the whole upload, 1 to 600,000; default 120,000. */
  readonly timeoutMs?: number | undefined;
}

/** Contents are larger than what else is sent. @throws {RangeError} When `timeoutMs` is out of range. */
export function readUploadTimeout(timeoutMs = 120_000): number {
  if (timeoutMs >= 1 && timeoutMs <= 600_000) return timeoutMs;
  throw new RangeError(`timeoutMs must be from 1 to 600000, got ${timeoutMs}`);
}

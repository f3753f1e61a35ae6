import { RequestError } from '@x/http';

/** Waits for a piece of work to end, well or not, or for the caller to give up; the work goes on. Never rejects. */
export async function untilAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      signal?.removeEventListener('abort', end);
      resolve();
    };
    signal?.addEventListener('abort', end);
    work.then(end, end);
  });
}

/** @throws {RequestError} `http.aborted` when the caller has given up. */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted();
}

/** What a caller who has given up is told. */
export function aborted(): RequestError {
  const message = 'the request was aborted by its caller';
  return new RequestError({ provider: 'quickblox', code: 'http.aborted', message });
}

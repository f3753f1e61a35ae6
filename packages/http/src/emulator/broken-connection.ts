/** How a connection ends that an emulator breaks on purpose: in order, or as after a crash. */
export type Break = 'end' | 'reset';

const mark = Symbol.for('@x/http.dropped');

/**
 * What a broken exchange rejects with: a `TypeError` as every platform's fetch uses for a broken connection.
 *
 * Its message is the platform's own for an answer that never began, or that broke off, because clients go by it.
 */
export function dropped(how: Break = 'end', stage: 'answer' | 'body' = 'answer'): TypeError {
  const cause = Object.assign(new Error(how === 'reset' ? 'read ECONNRESET' : 'other side closed'), {
    code: how === 'reset' ? 'ECONNRESET' : 'UND_ERR_SOCKET',
  });
  const error = new TypeError(stage === 'answer' ? 'fetch failed' : 'terminated', { cause });
  return Object.defineProperty(error, mark, { value: how });
}

/** Tells a connection that an emulator dropped on purpose from a mistake. */
export function isDropped(error: unknown): boolean {
  return error instanceof TypeError && mark in error;
}

/** How a connection was to be broken, undefined for any other error. */
export function breakOf(error: unknown): Break | undefined {
  return isDropped(error) ? (error as { [mark]?: Break })[mark] : undefined;
}

/**
 * The answer, but its body breaks off after the first half; it still promises the length of the whole.
 *
 * @throws What {@link dropped} makes, for an answer that has no body to break.
 */
export async function breakBody(response: Response, how: Break): Promise<Response> {
  if (response.body === null) throw dropped(how);
  const { status, statusText } = response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  headers.set('content-length', String(bytes.byteLength));
  const left = [bytes.subarray(0, Math.floor(bytes.byteLength / 2))];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = left.pop();
        if (chunk === undefined) controller.error(dropped(how, 'body'));
        else controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 }, // what breaks off does so when it is read
  );
  return new Response(body, { status, statusText, headers });
}

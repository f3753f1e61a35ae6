/** What {@link capBody} bounds. */
export interface CapBodyOptions {
  readonly maxBytes: number;
  /** Makes what reading rejects with once more has come. */
  readonly tooLarge: () => Error;
}

/**
 * Bounds how much of an answer's body can be read, whatever the answer says about its length.
 *
 * A body whose declared length is within bounds is left as it is: HTTP ends it there. One that is compressed or has no
 * declared length is counted as it is read; what exceeds the bound is cancelled, and the connection closed.
 *
 * @throws What `tooLarge` makes, at once, when the declared length exceeds the bound.
 * @see RFC 9112 §6.3 (message body length).
 */
export function capBody(response: Response, { maxBytes, tooLarge }: CapBodyOptions): Response {
  const { body, headers } = response;
  if (body === null) return response;
  const declared = headers.get('content-length');
  if (declared !== null) {
    if (Number(declared) > maxBytes) {
      letGo(body.cancel());
      throw tooLarge();
    }
    if (!headers.has('content-encoding')) return response;
  }
  const { status, statusText, url, redirected } = response;
  const copy = new Response(counted(body, maxBytes, tooLarge), { status, statusText, headers });
  return Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected } });
}

function counted(body: ReadableStream<Uint8Array>, maxBytes: number, tooLarge: () => Error): ReadableStream {
  const reader = body.getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        bytes += value.byteLength;
        if (bytes <= maxBytes) return controller.enqueue(value);
        letGo(reader.cancel());
        controller.error(tooLarge());
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 }, // nothing is read ahead of whoever reads
  );
}

/** Whether a body that nobody wants can be stopped matters to nobody. */
function letGo(cancelled: Promise<void>): void {
  cancelled.catch(() => {});
}

/**
 * Ends an exchange with its signal, whatever the route is doing, as the platform's fetch does: the wait for an answer,
 * and the reading of its body.
 *
 * @returns The answer, over a body that breaks off at the signal.
 * @throws The signal's reason; a route that goes on answers nobody.
 */
export async function endWithSignal(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  const response = await new Promise<Response>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
  const { body } = response;
  return body === null ? response : new Response(bodyUntil(signal, body), response);
}

function bodyUntil(signal: AbortSignal, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let onAbort = (): void => {};
  const leave = (): void => signal.removeEventListener('abort', onAbort);
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        onAbort = () => {
          controller.error(signal.reason);
          reader.cancel(signal.reason).catch(() => {}); // whether the route's stream can be stopped matters to nobody
        };
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (signal.aborted) return;
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        leave();
      },
      cancel(reason) {
        leave();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 }, // nothing is read ahead of whoever reads
  );
}

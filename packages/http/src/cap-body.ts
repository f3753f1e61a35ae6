import { gatherBytes } from './gather-bytes.ts';

/** What {@link capBody} bounds. */
export interface CapBodyOptions {
  readonly maxBytes: number;
  /** Makes what reading rejects with once more has come. */
  readonly tooLarge: () => Error;
}

/**
 * Bounds how much of an answer's body can be read, whatever the answer says about its length.
 *
 * A body whose declared length is within bounds, and alone decides where it ends, is left as it is. One that is
 * compressed, comes in chunks whatever length is declared beside them, or has no length, is counted as it is read; what
 * exceeds the bound is cancelled, and the connection closed.
 *
 * @returns The answer itself, with readers that count where they have to.
 * @throws What `tooLarge` makes, at once, when the declared length exceeds the bound.
 * @see RFC 9112 §6.3 (message body length).
 */
export function capBody(response: Response, { maxBytes, tooLarge }: CapBodyOptions): Response {
  const { body, headers } = response;
  if (body === null || maxBytes === Number.POSITIVE_INFINITY) return response;
  const declared = headers.get('content-length');
  if (declared !== null) {
    if (Number(declared) > maxBytes) {
      letGo(body.cancel());
      throw tooLarge();
    }
    if (isFramedBy(declared, headers)) return response;
  }
  return withReaders(response, body, { maxBytes, tooLarge });
}

/** Only Node refuses an answer with both fields; elsewhere the chunks decide. */
function isFramedBy(length: string, headers: Headers): boolean {
  return /^\d+$/.test(length) && !headers.has('content-encoding') && !headers.has('transfer-encoding');
}

/**
 * Puts readers on an answer that count.
 *
 * A counting stream under the platform's readers would do the same, and cost a small answer half as much again as its
 * whole request: it is made only where somebody asks for one, or for what only a stream can give.
 */
function withReaders(response: Response, body: ReadableStream<Uint8Array>, options: CapBodyOptions): Response {
  let streamed: Response | undefined;
  function stream(): Response {
    streamed ??= new Response(streamOf(createCounter(body, options)), response);
    return streamed;
  }
  async function bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return streamed === undefined
      ? readAll(createCounter(body, options))
      : new Uint8Array(await streamed.arrayBuffer());
  }
  async function text(): Promise<string> {
    return new TextDecoder().decode(await bytes());
  }
  Object.assign(response, {
    [counted]: stream,
    bytes,
    text,
    arrayBuffer: async () => (await bytes()).buffer,
    json: async () => JSON.parse(await text()) as unknown,
    blob: async () => stream().blob(),
    formData: async () => stream().formData(),
    clone() {
      const { url, redirected } = response;
      return Object.defineProperties(stream().clone(), { url: { value: url }, redirected: { value: redirected } });
    },
  });
  return Object.defineProperty(response, 'body', bodyOfCounted);
}

const counted = Symbol('counted');
/** One for all answers: with a getter of its own each would be of another shape, and every look at it slow. */
const bodyOfCounted: PropertyDescriptor & ThisType<{ readonly [counted]: () => Response }> = {
  get() {
    return this[counted]().body;
  },
};

/** Reads a body piece by piece. */
interface Counter {
  /** The next piece; undefined at the end. */
  next(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  cancel(reason?: unknown): Promise<void>;
}

/** Locks the body for good, as the platform's own readers do: a second one is refused. */
function createCounter(body: ReadableStream<Uint8Array>, { maxBytes, tooLarge }: CapBodyOptions): Counter {
  const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  let left = maxBytes;
  return {
    async next() {
      const { value } = await reader.read();
      left -= value?.byteLength ?? 0;
      if (left >= 0) return value;
      letGo(reader.cancel());
      throw tooLarge();
    },
    cancel: (reason) => reader.cancel(reason),
  };
}

async function readAll({ next }: Counter): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = gatherBytes();
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) gathered.add(chunk);
  return gathered.join();
}

function streamOf({ next, cancel }: Counter): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await next();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
      cancel,
    },
    { highWaterMark: 0 }, // nothing is read ahead of whoever reads
  );
}

/** Whether a body that nobody wants can be stopped matters to nobody. */
function letGo(cancelled: Promise<void>): void {
  cancelled.catch(() => {});
}

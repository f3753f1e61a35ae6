import { gatherBytes } from './gather-bytes.ts';
import { letGo } from './let-go.ts';

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
      letGo(body);
      throw tooLarge();
    }
    if (isFramedBy(declared, headers)) return response;
  }
  return withReaders(response, { body, left: maxBytes, tooLarge });
}

/** Only Node refuses an answer with both fields; elsewhere the chunks decide. */
function isFramedBy(length: string, headers: Headers): boolean {
  return /^\d+$/.test(length) && !headers.has('content-encoding') && !headers.has('transfer-encoding');
}

/** An answer that counts what is read of it. */
type CountedResponse = Response & { readonly [counted]: Counting };

/** What a counted answer reads from. */
interface Counting {
  readonly body: ReadableStream<Uint8Array>;
  readonly tooLarge: () => Error;
  /** Bytes that may still come. */
  left: number;
  /** The same answer over a stream that counts, once somebody asked for what only a stream can give. */
  streamed?: Response;
}

const counted = Symbol('counted');

/**
 * Puts readers on an answer that count.
 *
 * A counting stream under the platform's readers would do the same, and cost a small answer half as much again as its
 * whole request: it is made only where somebody asks for one, or for what only a stream can give.
 */
function withReaders(response: Response, counting: Counting): Response {
  const own = { [counted]: counting };
  try {
    Object.assign(response, readers, own);
  } catch {
    // @hono/node-server puts a Response of its own in the platform's place, whose methods no assignment hides
    Object.defineProperties(Object.assign(response, own), Object.getOwnPropertyDescriptors(readers));
  }
  return Object.defineProperty(response, 'body', bodyOfCounted);
}

/** One set for all answers: with readers of its own each would be of another shape, and every look at it slow. */
const readers: Partial<Response> & ThisType<CountedResponse> = {
  bytes() {
    return readAll(this);
  },
  async text() {
    return new TextDecoder().decode(await readAll(this));
  },
  async arrayBuffer() {
    return (await readAll(this)).buffer;
  },
  async json() {
    return JSON.parse(await this.text()) as unknown;
  },
  async blob() {
    return new Response(await readAll(this), { headers: this.headers }).blob(); // Bun gives that of a stream no type
  },
  async formData() {
    return streamOf(this).formData();
  },
  clone() {
    const { url, redirected } = this;
    return Object.defineProperties(streamOf(this).clone(), { url: { value: url }, redirected: { value: redirected } });
  },
};
const bodyOfCounted: PropertyDescriptor & ThisType<CountedResponse> = {
  get() {
    return streamOf(this).body;
  },
};

async function readAll({ [counted]: counting }: CountedResponse): Promise<Uint8Array<ArrayBuffer>> {
  if (counting.streamed !== undefined) return new Uint8Array(await counting.streamed.arrayBuffer());
  const gathered = gatherBytes();
  const reader = counting.body.getReader();
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) return gathered.join();
    count(value, reader, counting);
    gathered.add(value);
  }
}

function streamOf(response: CountedResponse): Response {
  const counting = response[counted];
  counting.streamed ??= new Response(countingStream(counting), response);
  return counting.streamed;
}

function countingStream(counting: Counting): ReadableStream<Uint8Array> {
  const reader = counting.body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value } = await reader.read();
        if (value === undefined) return controller.close();
        count(value, reader, counting);
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 }, // nothing is read ahead of whoever reads
  );
}

/** Lets go of a body that has gone beyond its bound. */
function count(piece: Uint8Array, reader: ReadableStreamDefaultReader, counting: Counting): void {
  counting.left -= piece.byteLength;
  if (counting.left >= 0) return;
  letGo(reader);
  throw counting.tooLarge();
}

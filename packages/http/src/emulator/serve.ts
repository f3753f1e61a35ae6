import { breakOf } from './broken-connection.ts';

/** Options of {@link serve}. */
export interface ServeOptions {
  /** 0 (default) takes any free port. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`: nobody else on the network can reach it. */
  readonly hostname?: string | undefined;
}

/** A listening server. */
export interface Served {
  /** Origin, without trailing slash: `http://127.0.0.1:49152`. */
  readonly url: string;
  /** Stops listening and ends what is open. */
  close(): Promise<void>;
}

/** The little of `node:http` that is needed here; the library itself compiles without Node's types. */
interface NodeHttp {
  createServer(
    options: { readonly keepAliveTimeout: number },
    listener: (incoming: Incoming, outgoing: Outgoing) => void,
  ): Server;
}
interface Incoming extends AsyncIterable<Uint8Array<ArrayBuffer>> {
  readonly method?: string;
  readonly url?: string;
  readonly rawHeaders: readonly string[];
  readonly socket: { destroy(): void; resetAndDestroy?(): void };
}
interface Outgoing {
  writeHead(status: number, headers: readonly string[]): void;
  write(body: Uint8Array, done: () => void): void;
  end(body?: Uint8Array): void;
  on(event: 'close', listener: () => void): void;
  readonly writableFinished: boolean;
}
interface Server {
  listen(port: number, hostname: string, ready: () => void): void;
  address(): { readonly port: number };
  close(done: () => void): void;
  closeAllConnections(): void;
  on(event: 'error', listener: (error: Error) => void): void;
}

const maxRequestBytes = 16_777_216;

/**
 * Puts a Web-standard handler on a loopback port, for emulators and their users' tests.
 *
 * A handler that rejects ends the connection without an answer; a fault that breaks it does so on the socket. Bodies
 * are read whole before the handler sees them; above 16 MiB the answer is 413.
 *
 * @throws {TypeError} Where the runtime has no `node:http`.
 */
export async function serve(
  handler: (request: Request) => Promise<Response>,
  { port = 0, hostname = '127.0.0.1' }: ServeOptions = {},
): Promise<Served> {
  const host = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const http = host.process?.getBuiltinModule?.('node:http') as NodeHttp | undefined;
  if (http === undefined)
    throw new TypeError('serve needs a runtime with node:http; use fetch of the emulator instead');

  let origin = '';
  // Idle connections are the client's to close: in a process that both ends share, and that is busy for some seconds, the
  // server would reset one that the client has just sent a request over.
  const server = http.createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    respond(incoming, outgoing, origin, handler).catch((error: unknown) => {
      const { socket } = incoming;
      if (breakOf(error) === 'reset' && socket.resetAndDestroy !== undefined) socket.resetAndDestroy();
      else socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, hostname, resolve);
  });
  origin = `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${server.address().port}`;
  return {
    url: origin,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function respond(
  incoming: Incoming,
  outgoing: Outgoing,
  origin: string,
  handler: (request: Request) => Promise<Response>,
): Promise<void> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  for await (const chunk of incoming) {
    total += chunk.byteLength;
    if (total <= maxRequestBytes) chunks.push(chunk); // the rest is read and dropped, so that the answer is heard
  }
  const gone = new AbortController();
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const request = total > maxRequestBytes ? 413 : toRequest(incoming, new Blob(chunks), origin, gone.signal);
  const response = typeof request === 'number' ? new Response(null, { status: request }) : await handler(request);
  const fields: string[] = [];
  for (const [name, value] of response.headers) fields.push(name, value);
  const { bytes, broken } = await readAnswer(response);
  outgoing.writeHead(response.status, fields);
  if (broken === undefined) return outgoing.end(bytes);
  await new Promise<void>((resolve) => outgoing.write(bytes, resolve));
  throw broken;
}

/** The whole body, or what came before a fault broke it off. */
async function readAnswer({ body }: Response): Promise<{ bytes: Uint8Array; broken?: unknown }> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const joined = async (): Promise<Uint8Array> => new Uint8Array(await new Blob(chunks).arrayBuffer());
  const reader = body?.getReader();
  try {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) chunks.push(part.value);
  } catch (error) {
    if (breakOf(error) === undefined) throw error;
    return { bytes: await joined(), broken: error };
  }
  return { bytes: await joined() };
}

/** The request as a Web-standard one, or the status for one that cannot be. */
function toRequest(
  { method = 'GET', url = '/', rawHeaders }: Incoming,
  body: Blob,
  origin: string,
  signal: AbortSignal,
): Request | 400 {
  if (!url.startsWith('/')) return 400; // asterisk-form, or absolute-form as for a proxy
  try {
    const headers = fieldsOf(rawHeaders);
    const hasBody = method !== 'GET' && method !== 'HEAD';
    // joined as text: a path such as `//Install` must not be read as another host
    return new Request(`${origin}${url}`, { method, headers, signal, ...(hasBody ? { body } : {}) });
  } catch {
    return 400;
  }
}

function fieldsOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < raw.length; index += 2) headers.append(raw[index] ?? '', raw[index + 1] ?? '');
  return headers;
}

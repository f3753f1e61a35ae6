import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback, for one test. */
export interface Loopback {
  readonly url: string;
  /** Every request so far: method, path with query, header fields, body. */
  readonly requests: readonly Seen[];
  close(): Promise<void>;
}

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Listens until closed; `answer` gets the request, the raw response, and the request's number from 1. */
export async function loopback(
  answer: (seen: Seen, response: ServerResponse, count: number) => void,
): Promise<Loopback> {
  const requests: Seen[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += String(chunk);
    const { method = '', url: path = '', headers } = incoming;
    const seen = { method, path, headers, body };
    requests.push(seen);
    answer(seen, response, requests.length);
  });
  // a fleet connects all at once; with the default of 511 the system drops what it cannot queue, and tries again by seconds
  const backlog = 4096;
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog }, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Runs a test with a server and closes it whatever happens. */
export async function withLoopback(
  answer: Parameters<typeof loopback>[0],
  use: (server: Loopback) => Promise<void>,
): Promise<void> {
  const server = await loopback(answer);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

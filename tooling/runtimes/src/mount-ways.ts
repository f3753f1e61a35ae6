import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import { Hono } from 'hono';
import { toNodeHandler } from 'srvx/node';
import { askMounted, mountPath } from './mount-cases.ts';

type Handler = (request: Request) => Promise<Response>;

/** Every way of mounting a handler in a listener of `node:http`. */
export const mountWays: Readonly<Record<string, (handler: Handler) => RequestListener>> = {
  'node:http through srvx': (handler) => toNodeHandler(handler) as unknown as RequestListener,
  'node:http through @hono/node-server': (handler) => getRequestListener(handler),
  Express: (handler) => {
    const app = express();
    app.all([mountPath, `${mountPath}/*rest`], getRequestListener(handler));
    return app;
  },
  'Express behind a parser of its own for other paths': (handler) => {
    const app = express();
    app.use('/other', express.json());
    app.all([mountPath, `${mountPath}/*rest`], getRequestListener(handler));
    return app;
  },
  Hono: (handler) => {
    const app = new Hono();
    app.all(`${mountPath}/*`, (context) => handler(context.req.raw));
    return getRequestListener(app.fetch);
  },
  'the shape of a Next route handler': (handler) => {
    // route.ts would say: export { handler as GET, handler as POST }
    const route: Record<string, (request: Request, context: object) => Promise<Response>> = {
      GET: (request) => handler(request),
      POST: (request) => handler(request),
      PUT: (request) => handler(request),
    };
    return getRequestListener(
      async (request) => route[request.method]?.(request, { params: {} }) ?? new Response(null, { status: 405 }),
    );
  },
};

/**
 * Puts a handler on loopback in one of those ways, and asks it everything.
 *
 * @param mounted What is mounted in its place; default the handler itself.
 */
export async function askListener(
  handler: Handler,
  mount: (handler: Handler) => RequestListener,
  mounted: Handler = handler,
): ReturnType<typeof askMounted> {
  // idle connections are the client's to close: a busy process would end one that was just sent a request over
  const server = createServer({ keepAliveTimeout: 0 }, mount(mounted));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await askMounted(handler, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import { Hono } from 'hono';
import { toNodeHandler } from 'srvx/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMountedHandler, differences, mountCases, mountPath } from '../src/mount-cases.ts';

const mounts = suite('mounts');
const handler = await createMountedHandler();

/** Every way of mounting, as a listener of `node:http`. */
const ways: Readonly<Record<string, () => RequestListener>> = {
  'node:http through srvx': () => toNodeHandler(handler) as unknown as RequestListener,
  'node:http through @hono/node-server': () => getRequestListener(handler),
  Express: () => {
    const app = express();
    app.all(mountPath, getRequestListener(handler));
    return app;
  },
  'Express behind a parser of its own for other paths': () => {
    const app = express();
    app.use('/other', express.json());
    app.all(mountPath, getRequestListener(handler));
    return app;
  },
  Hono: () => {
    const app = new Hono();
    app.all(mountPath, (context) => handler(context.req.raw));
    return getRequestListener(app.fetch);
  },
  'the shape of a Next route handler': () => {
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

for (const [way, listener] of Object.entries(ways)) {
  mounts(`${way}: answers as the bare handler does`, async () => {
    const server = createServer(listener());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${mountPath}`;
    try {
      for (const one of mountCases) assert.equal(await differences(handler, url, one), []);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}

mounts.run();

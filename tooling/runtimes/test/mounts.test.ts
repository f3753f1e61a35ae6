import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { memoryStore } from '@x/http/store';
import { createAuthorizationHandler, saveAccessToken, storeVerifier } from '@x/hypelabs';
import express from 'express';
import { Hono } from 'hono';
import { toNodeHandler } from 'srvx/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const mounts = suite('mounts');
const path = '/hypelabs/authorize';
const apiSecret = 'a secret of enough length';
const store = memoryStore();
await saveAccessToken(store, 'a-token', { subject: 'ann', expiresAtMs: Date.now() + 600_000 });

/** A handler with everything that a server can spoil: methods, statuses, headers, bodies with a limit. */
const handler = createAuthorizationHandler({
  apps: [{ name: 'sample', apiUser: 'sample', apiSecret, verifier: storeVerifier({ store }) }],
});

/** Every way of mounting, as a listener of `node:http`. */
const ways: Readonly<Record<string, () => RequestListener>> = {
  'node:http through srvx': () => toNodeHandler(handler) as unknown as RequestListener,
  'node:http through @hono/node-server': () => getRequestListener(handler),
  Express: () => {
    const app = express();
    app.all(path, getRequestListener(handler));
    return app;
  },
  'Express behind a parser of its own for other paths': () => {
    const app = express();
    app.use('/other', express.json());
    app.all(path, getRequestListener(handler));
    return app;
  },
  Hono: () => {
    const app = new Hono();
    app.all(path, (context) => handler(context.req.raw));
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

const body = (fields: object): string =>
  JSON.stringify({
    api_user: 'sample',
    api_secret: apiSecret,
    token_type: 'Bearer',
    access_token: 'a-token',
    ...fields,
  });
const json = { 'content-type': 'application/json' };

const cases: readonly [name: string, init: RequestInit, status: number][] = [
  ['a valid token', { method: 'POST', headers: json, body: body({}) }, 200],
  ['an unknown token', { method: 'POST', headers: json, body: body({ access_token: 'other' }) }, 401],
  ['a wrong secret', { method: 'POST', headers: json, body: body({ api_secret: 'another of that length' }) }, 401],
  ['another method', { method: 'PUT', headers: json, body: body({}) }, 405],
  ['no JSON', { method: 'POST', headers: json, body: '{' }, 400],
  ['another content type', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: body({}) }, 415],
  ['a body over the limit', { method: 'POST', headers: json, body: body({ padding: 'x'.repeat(20_000) }) }, 413],
];

for (const [way, listener] of Object.entries(ways)) {
  mounts(`${way}: answers as the bare handler does`, async () => {
    const server = createServer(listener());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    try {
      for (const [name, init, status] of cases) {
        const bare = await handler(new Request(url, init));
        const mounted = await fetch(url, init);
        assert.is(bare.status, status, name);
        assert.is(mounted.status, status, name);
        assert.is(await mounted.text(), await bare.text(), name);
        for (const field of ['allow', 'www-authenticate', 'cache-control', 'content-type']) {
          assert.is(mounted.headers.get(field), bare.headers.get(field), `${name}: ${field}`);
        }
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}

mounts.run();

// A child process that the client benches call, so that its work is not counted as the client's. Prints its URL.
import { serve } from 'srvx';

const server = serve({
  port: 0,
  hostname: '127.0.0.1',
  silent: true,
  fetch: () => Response.json({ id: 7, name: 'ann' }),
});
await server.ready();
console.log(server.url);

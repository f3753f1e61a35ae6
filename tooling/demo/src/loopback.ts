import type { ServerOptions } from 'srvx';

/**
 * Any free port of loopback, for `serve` of srvx. Idle connections are the client's to close: in a process that both ends
 * share, and that stands still for some seconds, the server would end one that was just sent a request over.
 */
export const loopback: Omit<ServerOptions, 'fetch'> = {
  port: 0,
  hostname: '127.0.0.1',
  silent: true,
  node: { keepAliveTimeout: 0 },
  bun: { idleTimeout: 0 },
};

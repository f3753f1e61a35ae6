import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A port on loopback that leads to another one, until it is cut. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection at once and refuses new ones. */
  cut(): void;
  restore(): Promise<void>;
  close(): void;
}

/** Starts a proxy before a server that listens on loopback. */
export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = createConnection(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {}); // what matters is that it closes
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port, cut, restore: () => listen(port), close: cut };
}

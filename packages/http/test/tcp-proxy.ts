import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A port on loopback that leads to another one, until it is cut. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection at once and refuses new ones. */
  cut(): void;
  restore(): Promise<void>;
  /** Ends the connection that the server answers next, before the answer comes through. */
  loseAnswer(): void;
  close(): void;
}

/** Starts a proxy before a server that listens on loopback. */
export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let losing = false;
  const server = createServer((incoming) => {
    const outgoing = createConnection(targetPort, '127.0.0.1');
    outgoing.on('data', () => {
      if (losing) for (const socket of [incoming, outgoing]) socket.destroy();
      losing = false;
    });
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
  const loseAnswer = (): void => {
    losing = true;
  };
  return { port, cut, restore: () => listen(port), loseAnswer, close: cut };
}

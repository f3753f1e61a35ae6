import { createConnection, createServer, type Socket } from 'node:net';
import { holdPort } from '@x/testing';

/** A port on loopback that leads to another one, until it is cut. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection at once and refuses new ones; nobody else gets the port meanwhile. */
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
  const { port, release } = await holdPort();
  await listen(port);
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const loseAnswer = (): void => {
    losing = true;
  };
  const close = (): void => {
    cut();
    release();
  };
  return { port, cut, restore: () => listen(port), loseAnswer, close };
}

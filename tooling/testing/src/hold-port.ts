import { type AddressInfo, createConnection, createServer } from 'node:net';

/** A port on loopback that nobody listens on. */
export interface HeldPort {
  readonly port: number;
  /** Gives it back. */
  release(): void;
}

/**
 * Takes a free port and refuses whoever connects to it, until somebody listens on it who was told its number.
 *
 * A port that was merely free a moment ago may be somebody else's by now. This one has a connection of its own left, so
 * that the system gives it neither to those who ask for any port nor to those who connect elsewhere.
 */
export async function holdPort(): Promise<HeldPort> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const near = createConnection(port, '127.0.0.1');
  const [far] = await Promise.all([
    new Promise<typeof near>((resolve) => server.once('connection', resolve)),
    new Promise<void>((resolve) => near.once('connect', resolve)),
  ]);
  server.close(); // listens no more, and leaves the connection what it is
  for (const socket of [near, far]) socket.unref();
  const release = (): void => {
    for (const socket of [near, far]) socket.destroy();
  };
  return { port, release };
}

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Finds a port of loopback at which nobody listens.
 *
 * It lies below those that platforms give to who asks for any free one: whatever is started elsewhere meanwhile does not
 * come to listen there.
 */
export async function vacantPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const isVacant = await new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(false);
        else reject(error);
      });
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isVacant) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

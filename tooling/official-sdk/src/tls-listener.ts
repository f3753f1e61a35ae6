import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { createCertificate } from '@x/testing';

/** A TLS port on loopback in front of a plain one. */
export interface TlsListener {
  /** Host and port, as the SDK's `endpoints.api` wants it. */
  readonly endpoint: string;
  /** The certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly certificateFile: string;
  close(): Promise<void>;
}

/** Ends TLS with a certificate of its own, and passes the bytes on as they are. */
export async function listenTls(target: string | URL): Promise<TlsListener> {
  const { hostname, port } = new URL(target);
  const { key, cert } = createCertificate();
  const open = new Set<{ destroy(): void }>();
  const server = createServer({ key, cert }, (inner) => {
    const outer = connect(Number(port), hostname);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const folder = mkdtempSync(join(tmpdir(), 'x-official-sdk-'));
  const certificateFile = join(folder, 'loopback.pem');
  writeFileSync(certificateFile, cert);
  return {
    endpoint: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    certificateFile,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
}

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCertificate } from '../src/certificate.ts';
import { rejects } from '../src/rejects.ts';

const made = suite('certificate · createCertificate');

made('is what the platform reads as a certificate of loopback, signed by itself', () => {
  const { key, cert } = createCertificate();
  const read = new X509Certificate(cert);
  assert.ok(read.verify(read.publicKey));
  assert.ok(read.checkPrivateKey(createPrivateKey(key)));
  assert.is(read.checkIP('127.0.0.1'), '127.0.0.1');
  assert.is(read.checkHost('localhost'), 'localhost');
  assert.is(read.checkHost('api.quickblox.com'), undefined);
  assert.is(read.ca, true);
  assert.ok(read.validFromDate.getTime() < Date.now() && Date.now() < read.validToDate.getTime());
});

made('is another one each time', () => {
  const serial = (): string => new X509Certificate(createCertificate().cert).serialNumber;
  assert.is.not(serial(), serial());
});

made('opens TLS to whoever trusts it, and to nobody else', async () => {
  const own = createCertificate();
  const server = createServer(own, (socket) => socket.end());
  server.on('tlsClientError', () => {}); // a client that refuses says so
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const greet = async (ca: string | undefined): Promise<void> => {
    const socket = connect({ host: '127.0.0.1', port, ...(ca === undefined ? {} : { ca }) });
    try {
      await once(socket, 'secureConnect');
    } finally {
      socket.destroy();
    }
  };
  try {
    await greet(own.cert);
    await rejects(greet(undefined), Error, 'DEPTH_ZERO_SELF_SIGNED_CERT');
    await rejects(greet(createCertificate().cert), Error, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  } finally {
    server.close();
  }
});

made.run();

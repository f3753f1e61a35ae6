import { createPrivateKey, X509Certificate } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCertificate } from '../src/certificate.ts';

const made = suite('official SDK · createCertificate');

made('is what the platform reads as a certificate of loopback, signed by itself', () => {
  const { key, certificate } = createCertificate();
  const read = new X509Certificate(certificate);
  assert.ok(read.verify(read.publicKey));
  assert.ok(read.checkPrivateKey(createPrivateKey(key)));
  assert.is(read.checkIP('127.0.0.1'), '127.0.0.1');
  assert.is(read.checkHost('localhost'), 'localhost');
  assert.is(read.checkHost('api.quickblox.com'), undefined);
  assert.is(read.ca, true);
  assert.ok(read.validFromDate.getTime() < Date.now() && Date.now() < read.validToDate.getTime());
});

made('is another one each time', () => {
  const serial = (): string => new X509Certificate(createCertificate().certificate).serialNumber;
  assert.is.not(serial(), serial());
});

made.run();

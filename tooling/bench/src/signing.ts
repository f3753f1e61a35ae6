import { createHmac, webcrypto } from 'node:crypto';
import { encodeHex, hmac, hmacHex, sha1, sha256 } from '@x/crypto';
import CryptoJS from 'crypto-js';
import { lastResult, measure } from './measure.ts';
import { reportRatios, reportTarget } from './report.ts';
import { loadSoftwareCore } from './software-core.ts';

/** Worked example of the QuickBlox guide: the string that a user session signs. */
const userSession =
  'application_id=716730&auth_key=bbfeCwWtz8dqF4F&nonce=33431&timestamp=1572434594&user[login]=amigo30&user[password]=amigo30pass';
const key = 'YYXAU8BEYBfv0Fn';

/** HMAC as hex: ours on the platform and in software, the platform bare, WebCrypto, and what the official SDK uses. */
export async function benchSigning(): Promise<void> {
  const software = await loadSoftwareCore();
  const encoder = new TextEncoder();

  const session = await measure([
    { name: 'node:crypto', run: () => createHmac('sha1', key).update(userSession).digest('hex') },
    { name: '@x/crypto', run: () => hmacHex(sha1, key, userSession) },
    {
      name: '@x/crypto, software digests',
      run: () => software.hmacHex(software.sha1, key, userSession),
    },
    { name: 'crypto-js', run: () => CryptoJS.HmacSHA1(userSession, key).toString() },
    { name: '@x/crypto, as bytes and then as hex', run: () => encodeHex(hmac(sha1, key, userSession)) },
  ]);
  reportRatios('HMAC-SHA1 as hex, the QuickBlox user session', session);
  const [bare = 1, ours = 1, soft = 1, cryptoJs = 1] = session.map(({ medianNs }) => medianNs);
  reportTarget('at most 1.15 × bare node:crypto', ours / bare, ours / bare <= 1.15);
  reportTarget('at least 10 times crypto-js', cryptoJs / ours, cryptoJs / ours >= 10);
  reportTarget('software at least 3 times crypto-js', cryptoJs / soft, cryptoJs / soft >= 3);

  const webKey = await webcrypto.subtle.importKey(
    'raw',
    encoder.encode(key),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  for (const bytes of [128, 1024, 65_536]) {
    const text = 'x'.repeat(bytes);
    const data = encoder.encode(text);
    reportRatios(
      `HMAC-SHA256 as hex, ${bytes} bytes`,
      await measure([
        { name: 'node:crypto', run: () => createHmac('sha256', key).update(data).digest('hex') },
        { name: '@x/crypto', run: () => hmacHex(sha256, key, data) },
        {
          name: '@x/crypto, software digests',
          run: () => software.hmacHex(software.sha256, key, data),
        },
        {
          name: 'WebCrypto',
          run: async () => encodeHex(new Uint8Array(await webcrypto.subtle.sign('HMAC', webKey, data))),
        },
        { name: 'crypto-js', run: () => CryptoJS.HmacSHA256(text, key).toString() },
      ]),
    );
  }
  if (lastResult() === undefined) throw new Error('the contenders returned nothing');
}

import { createSealer, generateKey } from '@x/crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { LocalProtocol } from 'paseto';
import { DecryptFactory, EncryptFactory, GenerateKeyFactory } from 'paseto/v3/local';
import { decrypt, encrypt, generateKeys } from 'paseto-ts/v4';
import { measure } from './measure.ts';
import { reportRatios, reportTarget } from './report.ts';

const claims = { location: '3r4s3-1', role: 'manager', scopes: ['orders.write', 'catalog.read'] };

/** One token made and opened: ours, a JWE of jose's, and two other PASETOs (`paseto` has no v4.local). */
export async function benchSealing(): Promise<void> {
  const sealer = createSealer({ keys: [{ id: 'one', key: generateKey() }], context: ['bench'] });
  const jweKey = crypto.getRandomValues(new Uint8Array(32));
  const localKey = generateKeys('local');
  const v3 = new LocalProtocol(GenerateKeyFactory, EncryptFactory, DecryptFactory);
  const v3Key = await v3.GenerateKey();

  const measured = await measure([
    { name: '@x/crypto sealer', run: () => sealer.open(sealer.seal('ann', claims, { expiresInMs: 60_000 })) },
    {
      name: 'jose, dir and A256GCM',
      run: async () => {
        const token = await new EncryptJWT(claims)
          .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
          .setSubject('ann')
          .setIssuedAt()
          .setExpirationTime('1m')
          .encrypt(jweKey);
        return jwtDecrypt(token, jweKey);
      },
    },
    {
      name: 'paseto, v3.local',
      run: async () => v3.Decrypt(v3Key, await v3.Encrypt(v3Key, { sub: 'ann', ...claims })),
    },
    {
      name: 'paseto-ts, v4.local',
      run: () => decrypt(localKey, encrypt(localKey, { sub: 'ann', ...claims, exp: '1 minute' })),
    },
  ]);
  reportRatios('Seal and open one token', measured);
  const [ours = 1, jose = 1] = measured.map(({ medianNs }) => medianNs);
  reportTarget('at least 2 times as many as jose', jose / ours, jose / ours >= 2);
}

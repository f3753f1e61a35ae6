import { reportTarget } from './report.ts';
import { sizeOf } from './size.ts';

const rows: readonly [names: readonly string[], from: string, maxGzip: number | undefined][] = [
  [['sha256', 'digest'], '@x/crypto', undefined],
  [['sha1', 'hmac', 'encodeHex'], '@x/crypto', 3500],
  [['sha256', 'hmac', 'encodeHex'], '@x/crypto', 3500],
  [['sha256', 'hmacHex'], '@x/crypto', 3500],
  [['md5', 'digest', 'encodeHex'], '@x/crypto', undefined],
  [['sha512', 'hmac', 'encodeHex'], '@x/crypto', undefined],
  [['encodeHex', 'decodeHex'], '@x/crypto', undefined],
  [['encodeBase64Url', 'decodeBase64Url'], '@x/crypto', undefined],
  [['constantTimeEqual'], '@x/crypto', undefined],
  [['Secret'], '@x/crypto', undefined],
  [['createSealer'], '@x/crypto', 10_000],
  [['createOAuthState'], '@x/crypto', undefined],
  [['encryptV4Local', 'decryptV4Local'], '@x/crypto/paseto', undefined],
];

/** Weighs what a bundle pays for some exports, dependencies included. */
export async function benchSizes(): Promise<void> {
  console.log('\nSize with dependencies, in bytes: minified, gzip');
  for (const [names, from, maxGzip] of rows) {
    const { minified, gzip } = await sizeOf(names, from);
    console.log(`  ${names.join(', ').padEnd(42)} ${String(minified).padStart(7)} ${String(gzip).padStart(7)}`);
    if (maxGzip !== undefined) reportTarget(`at most ${maxGzip} bytes gzip`, gzip, gzip <= maxGzip);
  }
}

import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as entry from '../src/index.ts';

const index = suite('hypelabs · index');

index('exports its public names and no others', () => {
  assert.equal(Object.keys(entry).sort(), [
    'accessTokenDigest',
    'accessTokenKey',
    'createAuthorizationHandler',
    'fingerprintToken',
    'introspectionVerifier',
    'jwtVerifier',
    'removeAccessToken',
    'saveAccessToken',
    'storeVerifier',
  ]);
});

const script = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ resolve(specifier, context, next) { loaded.push(specifier); return next(specifier, context); } });
  const { jwtVerifier } = await import('./src/index.ts');
  const before = [...loaded];
  const verifier = jwtVerifier({ issuer: 'i', audience: 'a', keys: { keys: [{ kty: 'EC' }] } });
  await verifier({ accessToken: 'AAAA.AAAA.AAAA', signal: new AbortController().signal });
  console.log(JSON.stringify({ before, after: loaded }));
`;

index('loads jose with the first JWT, and ky never', () => {
  const cwd = new URL('..', import.meta.url);
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd, encoding: 'utf8' });
  const { before, after } = JSON.parse(output) as { before: string[]; after: string[] };
  assert.ok(before.includes('@x/http/server'));
  assert.not.ok(before.includes('jose'));
  assert.ok(after.includes('jose'));
  assert.not.ok(after.includes('ky'));
});

index.run();

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { systemRandom, toSecret } from '@x/crypto';
import { createSignWithSdk, situations } from '@x/official-sdk';
import { normalizeParameters, signSession } from '@x/quickblox/signature';
import { type Installed, install, pack, withFolder } from './install.ts';
import { measure } from './measure.ts';
import { reportRatios, reportTarget } from './report.ts';
import { sizeOf, sizeOfBuild } from './size.ts';
import { startMs } from './start-up.ts';

/** Our QuickBlox client beside QuickBlox's own SDK: what each does when things go wrong, and what each costs. */
export async function benchQuickBlox(): Promise<void> {
  console.log('\nQuickBlox: the official SDK 2.23.0 and @x/quickblox against the same emulator');
  for (const observe of situations) {
    const { situation, theirs, ours } = await observe();
    console.log(`  ${situation}\n      official SDK  ${theirs}\n      @x/quickblox  ${ours}`);
  }
  await benchSignatures();
  await withFolder(async (folder) => {
    const theirs = install(join(folder, 'theirs'), {
      dependencies: { quickblox: '2.23.0' },
      overrides: { 'reconnect-core': '1.3.0' }, // asked for from a host that is no registry
    });
    const ours = install(join(folder, 'ours'), {
      dependencies: pack(['crypto', 'http', 'quickblox'], join(folder, 'packed')),
    });
    reportInstalled(theirs, ours);
    benchStart(theirs, ours);
    await benchBundles(theirs);
  });
}

async function benchSignatures(): Promise<void> {
  const keys = { applicationId: 716730, authKey: 'bbfeCwWtz8dqF4F', authSecret: 'YYXAU8BEYBfv0Fn' };
  const login = { login: 'amigo30', password: 'amigo30pass' };
  const signWithSdk = createSignWithSdk(keys);
  const secret = toSecret(keys.authSecret); // once, as the client does
  const given = { application_id: keys.applicationId, auth_key: keys.authKey, user: login };
  const signed = { ...given, nonce: 33431, timestamp: 1572434594 };
  const text = normalizeParameters(signed);
  const measured = await measure(
    [
      { name: 'official SDK', run: () => signWithSdk(login) },
      { name: '@x/quickblox, signSession', run: () => signSession(signed, { secret }) },
      {
        name: '  with a cryptographic nonce',
        run: () => signSession({ ...given, nonce: nonce(), timestamp: Math.floor(Date.now() / 1000) }, { secret }),
      },
      {
        name: 'node:crypto over ready text',
        run: () => createHmac('sha1', keys.authSecret).update(text).digest('hex'),
      },
    ],
    { rounds: 75 },
  );
  reportRatios('One session request of a user, signed with SHA-1', measured);
  for (const { name, medianNs } of measured) console.log(`  ${name.padEnd(34)} ${perSecond(medianNs)} a second`);
  const [theirs = 1, ours = 1] = measured.map(({ medianNs }) => medianNs);
  reportTarget('at least 7 times as many signatures', theirs / ours, theirs / ours >= 7);
}

/** As `createNonce` of our client draws it. */
function nonce(): number {
  const [a = 0, b = 0, c = 0, d = 0] = systemRandom(4);
  return ((a & 0x7f) << 24) | (b << 16) | (c << 8) | d;
}

function reportInstalled(theirs: Installed, ours: Installed): void {
  console.log('\nInstalled with npm, without install scripts: packages, bytes');
  for (const [name, { packages, bytes }] of [
    ['official SDK', theirs],
    ['@x/quickblox', ours],
  ] as const) {
    console.log(`  ${name.padEnd(34)} ${String(packages.length).padStart(4)} ${String(bytes).padStart(11)}`);
  }
  reportTarget('at most 8 packages', ours.packages.length, ours.packages.length <= 8);
}

function benchStart(theirs: Installed, ours: Installed): void {
  const options = `{ applicationId: 1, authKey: 'ak', authSecret: 'as' }`;
  const [sdk = 1, imported = 1, required = 1] = startMs([
    {
      folder: theirs.folder,
      file: 'start.cjs',
      code: `const { QuickBlox } = require('quickblox'); new QuickBlox().init(1, 'ak', 'as', {});`,
    },
    {
      folder: ours.folder,
      file: 'start.mjs',
      code: `const { createQuickBlox } = await import('@x/quickblox'); createQuickBlox(${options});`,
    },
    {
      folder: ours.folder,
      file: 'start.cjs',
      code: `const { createQuickBlox } = require('@x/quickblox'); createQuickBlox(${options});`,
    },
  ]);
  console.log('\nLoad and construct in a fresh process, milliseconds');
  console.log(`  official SDK, require and init     ${sdk.toFixed(2).padStart(8)}`);
  console.log(`  @x/quickblox, import               ${imported.toFixed(2).padStart(8)}`);
  console.log(`  @x/quickblox, require              ${required.toFixed(2).padStart(8)}`);
  reportTarget('at least 20 times as fast', sdk / imported, sdk / imported >= 20);
}

async function benchBundles(theirs: Installed): Promise<void> {
  console.log('\nBundles, in bytes: minified, gzip');
  const sdk = { contents: `module.exports = require('quickblox');`, folder: theirs.folder, platform: 'node' } as const;
  const file = readFileSync(join(theirs.folder, 'node_modules/quickblox/quickblox.min.js'));
  const rows = [
    ['official SDK, its file for browsers', { minified: file.length, gzip: gzipSync(file, { level: 9 }).length }],
    // the one library that Node never loads is left out: it has no entry that a bundler finds
    ['official SDK, bundled for Node', await sizeOfBuild({ ...sdk, external: ['nativescript-xmpp-client'] })],
    ['@x/quickblox, all of its client', await sizeOf(['createQuickBlox', 'isQuickBloxFault'], '@x/quickblox')],
    ['@x/quickblox/signature alone', await sizeOf(['signSession'], '@x/quickblox/signature')],
    ['ky, which is part of the client', await sizeOf(['default as ky'], 'ky')],
  ] as const;
  for (const [name, { minified, gzip }] of rows) {
    console.log(`  ${name.padEnd(36)} ${String(minified).padStart(8)} ${String(gzip).padStart(8)}`);
  }
  const ours = rows[2][1].gzip;
  reportTarget('at most 26,000 bytes gzip', ours, ours <= 26_000);
}

function perSecond(ns: number): string {
  return Math.round(1e9 / ns)
    .toLocaleString('en')
    .padStart(11);
}

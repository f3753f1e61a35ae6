import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { installedIn } from '@x/release/src/app.ts';
import { build } from 'esbuild';
import { reportTarget } from './report.ts';

/** Something that a product team installs by itself. */
interface Installation {
  readonly name: string;
  /** What npm is told to install. */
  readonly packages: readonly string[];
  /** Entries that verify, build or parse, and call nobody. */
  readonly authOnly: readonly string[];
}

const peers = [
  'quickblox@2.23.0',
  '@slack/oauth@4.0.0',
  '@shopify/shopify-api@15.0.0',
  'simple-oauth2@5.1.0',
  'openid-client@6.8.9',
  'oauth4webapi@3.8.8',
];

const authOnly: Readonly<Record<string, readonly string[]>> = {
  hub: ['@x/hub/token'],
  hubrise: ['@x/hubrise/scope', '@x/hubrise/webhook'],
  hypelabs: ['@x/hypelabs'],
  nexudus: ['@x/nexudus/install', '@x/nexudus/webhook'],
  quickblox: ['@x/quickblox/signature'],
};

/** QuickBlox's SDK brings a package from a branch of its host; its last release stands in, so that a registry is enough. */
const overrides = { 'reconnect-core': '1.3.0' };

const maxPackages = 8;
const maxKiloBytes = 3000;
const maxAuthOnlyMs = 10;
const rounds = 15;

/** Installs every provider's package and its peers, each alone, and says what that costs. */
export async function benchInstalls(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'x-installs-'));
  try {
    const installations = [...packProviders(join(folder, 'packed')), ...peers.map(peerOf)];
    console.log(
      '\nInstalled alone by npm: packages, kB in node_modules, kB of the root entry minified and gzip, import ms',
    );
    const seen: Seen[] = [];
    for (const installation of installations) {
      const app = join(folder, installation.name.replace('/', '+'));
      const problem = install(app, installation.packages);
      if (problem === undefined) seen.push({ ...installation, app });
      else console.log(`  ${installation.name.padEnd(26)} does not install from a registry alone: ${problem}`);
    }
    const times = importTimes(seen);
    for (const { name, app } of seen) {
      const installed = installedIn({ folder: app });
      const kiloBytes = installed.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
      const gzip = await gzipKiloBytes(app, name);
      const cells = [String(installed.length), kiloBytes.toFixed(0), gzip, (times.get(name) ?? Number.NaN).toFixed(1)];
      console.log(`  ${name.padEnd(26)} ${cells.map((cell) => cell.padStart(9)).join('')}`);
      if (!name.startsWith('@x/')) continue;
      if (installed.length > maxPackages) reportTarget(`at most ${maxPackages} packages`, installed.length, false);
      if (kiloBytes > maxKiloBytes) {
        reportTarget(`at most ${maxKiloBytes} kB`, kiloBytes, false);
        const heaviest = installed.toSorted((one, other) => other.bytes - one.bytes);
        console.log(`          ${heaviest.map((part) => `${part.name} ${(part.bytes / 1000).toFixed(0)}`).join(', ')}`);
      }
    }
    console.log('\nImport of entries that call nobody, milliseconds over bare Node');
    for (const entry of seen.flatMap((installation) => installation.authOnly)) {
      const ms = times.get(entry) ?? Number.NaN;
      console.log(`  ${entry.padEnd(26)} ${ms.toFixed(1).padStart(9)}`);
      reportTarget(`at most ${maxAuthOnlyMs} ms`, ms, ms <= maxAuthOnlyMs);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Seen extends Installation {
  readonly app: string;
}

/** Packs every package as it would be published; each provider is installed from these files and the registry. */
function packProviders(folder: string): Installation[] {
  mkdirSync(folder);
  const packages = fileURLToPath(new URL('../../../packages', import.meta.url));
  for (const name of readdirSync(packages)) {
    spawnSync('pnpm', ['pack', '--pack-destination', folder], { cwd: join(packages, name) });
  }
  const fileOf = (name: string): string => {
    const file = readdirSync(folder).find((packed) => packed.startsWith(`x-${name}-`));
    if (file === undefined) throw new Error(`${name} was not packed`);
    return join(folder, file);
  };
  return Object.entries(authOnly).map(([provider, entries]) => ({
    name: `@x/${provider}`,
    packages: ['crypto', 'http', provider].map(fileOf),
    authOnly: entries,
  }));
}

function peerOf(specifier: string): Installation {
  return { name: specifier.slice(0, specifier.lastIndexOf('@')), packages: [specifier], authOnly: [] };
}

/** Installs into an empty folder; returns the reason when that is not possible. */
function install(app: string, packages: readonly string[]): string | undefined {
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module', overrides }));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', ['install', ...flags, ...packages], { cwd: app, encoding: 'utf8' });
  return status === 0 ? undefined : (/request to (\S+) failed/.exec(stderr)?.[1] ?? `npm ended with ${status}`);
}

/** The root entry with everything it needs, as a server's bundle carries it; a dash where it cannot be bundled. */
async function gzipKiloBytes(app: string, name: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      stdin: { contents: `import * as all from '${name}'; globalThis.all = all;`, resolveDir: app, loader: 'js' },
      bundle: true,
      write: false,
      minify: true,
      format: 'esm',
      target: 'es2022',
      platform: 'node',
      logLevel: 'silent',
    });
    return (gzipSync(outputFiles[0]?.contents ?? new Uint8Array(0), { level: 9 }).length / 1000).toFixed(1);
  } catch {
    return '–';
  }
}

/**
 * Time of the first import in a fresh process, of every root and auth-only entry. Every round tries all of them, and the
 * least counts: whatever else the machine does can only add to it.
 */
function importTimes(seen: readonly Seen[]): Map<string, number> {
  const entries = seen.flatMap(({ name, app, authOnly }) =>
    [...new Set([name, ...authOnly])].map((entry) => ({ entry, app })),
  );
  const times = new Map(entries.map(({ entry }) => [entry, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { entry, app } of entries) {
      const code = `const t = performance.now(); await import('${entry}'); console.log(performance.now() - t); process.exit();`;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
        cwd: app,
        encoding: 'utf8',
      });
      const ms = Number.parseFloat(stdout.trim().split('\n').at(-1) ?? '');
      if (Number.isFinite(ms)) times.get(entry)?.push(ms);
    }
  }
  return new Map([...times].map(([entry, all]) => [entry, Math.min(...all)]));
}

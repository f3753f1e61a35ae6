import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Installed, install, pack, withFolder } from './install.ts';
import { formatTarget, reportTarget } from './report.ts';
import { sizeOfBuild } from './size.ts';

/** Something that a product team installs by itself. */
interface Installation {
  readonly name: string;
  readonly dependencies: Record<string, string>;
  /** Entries that verify, build or parse, and call nobody. */
  readonly authOnly: readonly string[];
}

/** What an installation costs. */
export interface Cost extends Pick<Installed, 'packages' | 'bytes'> {
  readonly name: string;
  /** Bytes of the root entry with everything it needs, as a server's bundle carries it; absent when it cannot be bundled. */
  readonly gzip: number | undefined;
  /** Absent when the root entry cannot be imported. */
  readonly importMs: number | undefined;
}

/** An entry of a package, and where that is installed. */
export interface Entry {
  readonly entry: string;
  readonly folder: string;
}

const peers: Readonly<Record<string, string>> = {
  quickblox: '2.23.0',
  '@slack/oauth': '4.0.0',
  '@shopify/shopify-api': '15.0.0',
  'simple-oauth2': '5.1.0',
  'openid-client': '6.8.9',
  oauth4webapi: '3.8.8',
};

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

/** Installs every provider's package and its peers, each alone, and says what that costs. */
export async function benchInstalls(): Promise<void> {
  await withFolder(async (folder) => {
    console.log(
      '\nInstalled alone by npm: packages, kB in node_modules, kB of the root entry minified and gzip, import ms',
    );
    const seen: (Installation & Installed)[] = [];
    for (const installation of [...ours(join(folder, 'packed')), ...theirs()]) {
      const { name, dependencies } = installation;
      try {
        seen.push({ ...installation, ...install(join(folder, name.replace('/', '+')), { dependencies, overrides }) });
      } catch (error) {
        console.log(`  ${name.padEnd(26)} does not install from a registry alone: ${(error as Error).message}`);
      }
    }
    const times = leastImportMs(
      seen.flatMap(({ name, folder, authOnly }) =>
        [...new Set([name, ...authOnly])].map((entry) => ({ entry, folder })),
      ),
    );
    for (const { name, folder, packages, bytes } of seen) {
      const gzip = await gzipOf(name, folder);
      for (const line of costLines({ name, packages, bytes, gzip, importMs: times.get(name) })) console.log(line);
    }
    console.log('\nImport of entries that call nobody, milliseconds over bare Node');
    for (const entry of seen.flatMap((installation) => installation.authOnly)) {
      const ms = times.get(entry) ?? Number.NaN;
      console.log(`  ${entry.padEnd(26)} ${ms.toFixed(1).padStart(9)}`);
      reportTarget(`at most ${maxAuthOnlyMs} ms`, ms, ms <= maxAuthOnlyMs);
    }
  });
}

/** Every provider's package as it would be published, with what it needs of ours. */
function ours(folder: string): Installation[] {
  const packed = pack(['crypto', 'http', ...Object.keys(authOnly)], folder);
  return Object.entries(authOnly).map(([provider, entries]) => {
    const names = ['@x/crypto', '@x/http', `@x/${provider}`];
    const dependencies = Object.fromEntries(Object.entries(packed).filter(([name]) => names.includes(name)));
    return { name: `@x/${provider}`, dependencies, authOnly: entries };
  });
}

function theirs(): Installation[] {
  return Object.entries(peers).map(([name, version]) => ({ name, dependencies: { [name]: version }, authOnly: [] }));
}

/** The line of the table; of ours, also which target was missed and what weighs most. */
export function costLines({ name, packages, bytes, gzip, importMs }: Cost): string[] {
  const kiloBytes = bytes / 1000;
  const cells = [
    String(packages.length),
    kiloBytes.toFixed(0),
    gzip === undefined ? '–' : (gzip / 1000).toFixed(1),
    importMs === undefined ? '–' : importMs.toFixed(1),
  ];
  const lines = [`  ${name.padEnd(26)} ${cells.map((cell) => cell.padStart(9)).join('')}`];
  if (!name.startsWith('@x/')) return lines;
  if (packages.length > maxPackages) {
    lines.push(formatTarget(`at most ${maxPackages} packages`, packages.length, false));
  }
  if (kiloBytes > maxKiloBytes) {
    const heaviest = packages.toSorted((one, other) => other.bytes - one.bytes);
    lines.push(
      formatTarget(`at most ${maxKiloBytes} kB`, kiloBytes, false),
      `          ${heaviest.map((part) => `${part.name} ${(part.bytes / 1000).toFixed(0)}`).join(', ')}`,
    );
  }
  return lines;
}

/** The root entry with everything it needs, in bytes of gzip. */
export async function gzipOf(name: string, folder: string): Promise<number | undefined> {
  const contents = `import * as all from '${name}'; globalThis.all = all;`;
  try {
    return (await sizeOfBuild({ contents, folder, platform: 'node' })).gzip;
  } catch {
    return undefined;
  }
}

/**
 * Time of the first import in a fresh process. Every round tries all entries, and the least counts: whatever else the
 * machine does can only add to it. What cannot be imported has no time.
 */
export function leastImportMs(entries: readonly Entry[], rounds: number = 15): Map<string, number> {
  const times = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { entry, folder } of entries) {
      const code = `const t = performance.now(); await import('${entry}'); console.log(performance.now() - t); process.exit();`;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
        cwd: folder,
        encoding: 'utf8',
      });
      const ms = Number.parseFloat(stdout.trim().split('\n').at(-1) ?? '');
      if (Number.isFinite(ms)) times.set(entry, Math.min(ms, times.get(entry) ?? ms));
    }
  }
  return times;
}

import { entryFile, importsOf, loadedPackages, resolveImport, type Sources } from './imports.ts';
import type { Package } from './workspace.ts';

const providers: readonly string[] = ['hub', 'hubrise', 'hypelabs', 'nexudus', 'quickblox'];

/** What each package may import of this repository: dependencies run one way. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  crypto: [],
  http: ['crypto'],
  ...Object.fromEntries(providers.map((name) => [name, ['crypto', 'http']])),
};

/** Entries that only verify, build or parse: they must not load ky, which costs tens of milliseconds. */
const lightEntries: readonly string[] = [
  '@x/http/errors',
  '@x/http/events',
  '@x/http/options',
  '@x/http/server',
  '@x/http/store',
  '@x/http/rate-limiter-flexible',
  '@x/http/keyv',
  '@x/http/postgres',
  '@x/http/redis',
  '@x/http/emulator',
  '@x/quickblox/signature',
  '@x/quickblox/schema',
  '@x/quickblox/handler',
  '@x/hubrise/scope',
  '@x/hubrise/schema',
  '@x/hubrise/webhook',
  '@x/hubrise/handler',
  '@x/nexudus/install',
  '@x/nexudus/schema',
  '@x/nexudus/webhook',
  '@x/nexudus/handler',
  '@x/hypelabs',
  '@x/hypelabs/schema',
  '@x/hub',
  '@x/hub/token',
  '@x/hub/schema',
  ...providers.map((name) => `@x/${name}/emulator`),
];

/** Entries that call out, and so load ky. */
const callingEntries: readonly string[] = [
  '@x/http',
  '@x/hubrise',
  '@x/nexudus',
  '@x/quickblox',
  '@x/quickblox/resources',
];

/** Entries that hash and encrypt nothing: they must not load the libraries that do, a dozen files. */
const plainEntries: readonly string[] = [
  '@x/crypto/light',
  '@x/http',
  '@x/http/errors',
  '@x/http/events',
  '@x/http/options',
  '@x/http/server',
  '@x/http/rate-limiter-flexible',
  '@x/hubrise',
  '@x/hubrise/schema',
  '@x/quickblox/resources',
];

/** Lists entries of which nobody has decided whether they may load ky. Nothing below http can. */
export function undecidedEntries(packages: readonly Package[]): string[] {
  const decided = new Set([...lightEntries, ...callingEntries]);
  return packages
    .filter(({ name }) => name !== 'crypto')
    .flatMap(({ entries }) => entries)
    .filter(({ specifier }) => !decided.has(specifier))
    .map(({ specifier }) => `${specifier} stands neither under light nor under calling entries in boundaries.ts`);
}

/** Lists every import that crosses a boundary of the house, with the rule it breaks. */
export function boundaryViolations(sources: Sources): string[] {
  const found: string[] = [];
  for (const [file, source] of sources) {
    const [, own = '', , room = ''] = file.split('/');
    const isCommand = room === 'cli.ts' || room === 'cli';
    for (const { specifier } of importsOf(source)) {
      const target = resolveImport(file, specifier);
      const tell = (rule: string): void => void found.push(`${file} imports ${specifier}: ${rule}`);
      const neighbour = /^@x\/(\w+)/.exec(specifier)?.[1];
      if (neighbour !== undefined && mayImport[neighbour] === undefined) tell('nothing published imports tooling');
      else if (neighbour !== undefined && !mayImport[own]?.includes(neighbour))
        tell('dependencies run crypto ← http ← provider');
      if (specifier.startsWith('node:') && !isCommand) tell('published code runs without Node');
      if (/\/src\/cli(?:\.ts$|\/)/.test(target) && !isCommand) tell('nothing loads the command line');
      if (specifier.startsWith('.') && !target.startsWith(`packages/${own}/src/`))
        tell('a package keeps to its own folder');
      // http's emulator room is the scaffold and may share its library's pieces
      if (own !== 'http' && room === 'emulator' && specifier.startsWith('.') && !target.includes('/src/emulator/')) {
        tell('an emulator never imports its client');
      }
      if (room !== 'emulator' && !isCommand && target.includes(`packages/${own}/src/emulator`))
        tell('a client never imports its emulator');
    }
  }
  for (const [entries, unwanted] of [
    [lightEntries, /^ky$/],
    [plainEntries, /^@noble\//],
  ] as const) {
    for (const specifier of entries) {
      const entry = entryFile(sources, specifier);
      if (entry === undefined) found.push(`${specifier} is listed as an entry and does not exist`);
      else {
        const loaded = [...loadedPackages(sources, entry)].find((name) => unwanted.test(name));
        if (loaded !== undefined) found.push(`${specifier} loads ${loaded}, and must not`);
      }
    }
  }
  return found;
}

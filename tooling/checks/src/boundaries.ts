import { importsOf, loadedPackages, resolveImport, type Sources } from './imports.ts';

/** What each package may import of this repository: dependencies run one way. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  crypto: [],
  http: ['crypto'],
  hub: ['crypto', 'http'],
  hubrise: ['crypto', 'http'],
  hypelabs: ['crypto', 'http'],
  nexudus: ['crypto', 'http'],
  quickblox: ['crypto', 'http'],
};

/** Entries that only verify, build or parse: they must not load ky, which costs tens of milliseconds. */
const lightEntries: readonly string[] = [
  'packages/http/src/server/index.ts',
  'packages/http/src/store.ts',
  'packages/http/src/emulator/index.ts',
  'packages/quickblox/src/signature.ts',
  'packages/quickblox/src/schema.ts',
  'packages/hubrise/src/scope/index.ts',
  'packages/hubrise/src/schema.ts',
  'packages/hubrise/src/webhook.ts',
  'packages/nexudus/src/install.ts',
  'packages/nexudus/src/schema.ts',
  'packages/nexudus/src/webhook.ts',
  'packages/hypelabs/src/index.ts',
  'packages/hypelabs/src/schema.ts',
  'packages/hub/src/index.ts',
  'packages/hub/src/token.ts',
  'packages/hub/src/schema.ts',
];

/** Lists every import that crosses a boundary of the house, with the rule it breaks. */
export function boundaryViolations(sources: Sources): string[] {
  const found: string[] = [];
  for (const [file, source] of sources) {
    const [, own = '', , room = ''] = file.split('/');
    for (const { specifier } of importsOf(source)) {
      const target = resolveImport(file, specifier);
      const tell = (rule: string): void => void found.push(`${file} imports ${specifier}: ${rule}`);
      const neighbour = /^@x\/(\w+)/.exec(specifier)?.[1];
      if (neighbour !== undefined && mayImport[neighbour] === undefined) tell('nothing published imports tooling');
      else if (neighbour !== undefined && !mayImport[own]?.includes(neighbour))
        tell('dependencies run crypto ← http ← provider');
      if (specifier.startsWith('node:')) tell('published code runs without Node');
      if (specifier.startsWith('.') && !target.startsWith(`packages/${own}/src/`))
        tell('a package keeps to its own folder');
      // http's emulator room is the scaffold and may share its library's pieces
      if (own !== 'http' && room === 'emulator' && specifier.startsWith('.') && !target.includes('/src/emulator/')) {
        tell('an emulator never imports its client');
      }
      if (room !== 'emulator' && target.includes(`packages/${own}/src/emulator`))
        tell('a client never imports its emulator');
    }
  }
  for (const entry of lightEntries) {
    if (!sources.has(entry)) found.push(`${entry} is listed as an entry and does not exist`);
    else if (loadedPackages(sources, entry).has('ky')) found.push(`${entry} loads ky, and must not`);
  }
  return found;
}

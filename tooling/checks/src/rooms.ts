import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableRows } from './markdown.ts';
import type { Package } from './workspace.ts';

/** The rooms that every provider has, or says in the table of absences why not. A subpath is exported where it stands. */
const rooms: Readonly<Record<string, { readonly file: string; readonly subpath?: string }>> = {
  index: { file: 'index.ts' },
  options: { file: 'options.ts' },
  client: { file: 'client.ts' },
  schema: { file: 'schema.ts', subpath: './schema' },
  handler: { file: 'handler.ts', subpath: './handler' },
  webhook: { file: 'webhook.ts', subpath: './webhook' },
  fault: { file: 'fault.ts' },
  emulator: { file: 'emulator/index.ts', subpath: './emulator' },
};

/** What a room might be called instead. */
const otherWords: Readonly<Record<string, string>> = {
  'schemas.ts': 'schema.ts',
  'handlers.ts': 'handler.ts',
  'webhooks.ts': 'webhook.ts',
  'faults.ts': 'fault.ts',
  'config.ts': 'options.ts',
  'mock.ts': 'emulator/index.ts',
  'emulator.ts': 'emulator/index.ts',
  'bin.ts': 'cli.ts',
};

/** Names that say nothing of what is inside. */
const vague = /(?:^|\/)(?:utils?|helpers?|common|misc|shared|types)\.ts$/;

/** The committed table: what a provider does not have, and which subpaths are its own, each with the reason. */
interface Exceptions {
  readonly absent: ReadonlyMap<string, string>;
  readonly own: ReadonlyMap<string, string>;
}

/** Reads `rooms.md`: rows of provider, `src/x.ts` or `./x`, `absent` or `own`, and why. */
export function readExceptions(file: string): Exceptions {
  const [absent, own] = [new Map<string, string>(), new Map<string, string>()];
  for (const { cells } of tableRows(readFileSync(file, 'utf8'))) {
    const [provider = '', what = '', kind = '', why = ''] = cells.map((cell) => cell.replaceAll('`', ''));
    (kind === 'absent' ? absent : own).set(`${provider} ${what}`, why);
  }
  return { absent, own };
}

/** Lists where providers differ in the names of their files and subpaths without the table saying why. */
export function roomViolations(packages: readonly Package[], { absent, own }: Exceptions): string[] {
  const found: string[] = [];
  const used = new Set<string>();
  for (const { name, folder, manifest } of packages.filter((read) => read.name !== 'crypto' && read.name !== 'http')) {
    const exported = new Set(Object.keys(manifest.exports ?? {}));
    const isExcused = (table: ReadonlyMap<string, string>, what: string): boolean => {
      const key = `${name} ${what}`;
      used.add(key);
      return (table.get(key) ?? '') !== '';
    };
    for (const { file, subpath } of Object.values(rooms)) {
      const isThere = existsSync(join(folder, 'src', file));
      if (!isThere && !isExcused(absent, `src/${file}`)) found.push(`${name} has no src/${file} ${unsaid}`);
      if (isThere && isEmpty(join(folder, 'src', file)))
        found.push(`packages/${name}/src/${file} is empty: leave it out`);
      if (subpath === undefined) continue;
      if (isThere && !exported.has(subpath) && !isExcused(absent, subpath)) {
        found.push(`${name} does not export ${subpath} ${unsaid}`);
      }
      if (!isThere && exported.has(subpath)) found.push(`${name} exports ${subpath}, which is no room of it`);
    }
    const emulator = join(folder, 'src', 'emulator', 'index.ts');
    if (existsSync(emulator) && !readFileSync(emulator, 'utf8').includes('createEmulator')) {
      found.push(`${name}/emulator does not export createEmulator`);
    }
    if (existsSync(join(folder, 'src', 'cli.ts')) !== (manifest.bin !== undefined)) {
      found.push(`${name} has src/cli.ts or a bin, and not both`);
    }
    const subpaths = new Set(['.', './package.json', ...Object.values(rooms).flatMap(({ subpath }) => subpath ?? [])]);
    for (const subpath of exported) {
      if (!subpaths.has(subpath) && !isExcused(own, subpath)) {
        found.push(`${name} exports ${subpath}, which no other provider does ${unsaid}`);
      }
    }
    for (const file of readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })) {
      const better = otherWords[file];
      if (better !== undefined) found.push(`packages/${name}/src/${file} belongs into src/${better}`);
      if (vague.test(file))
        found.push(`packages/${name}/src/${file} says nothing: name it after the one thing it does`);
    }
  }
  for (const key of [...absent.keys(), ...own.keys()]) {
    if (!used.has(key)) found.push(`tooling/checks/rooms.md excuses “${key}”, which needs no excuse`);
  }
  return found;
}

const unsaid = 'and tooling/checks/rooms.md does not say why';

function isEmpty(file: string): boolean {
  return (
    readFileSync(file, 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .trim() === ''
  );
}

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Source text by path from the repository's root, with `/` between folders. */
export type Sources = ReadonlyMap<string, string>;

/** Reads the TypeScript sources of every published package. */
export function readSources(root: string): Sources {
  const sources = new Map<string, string>();
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join('packages', name, 'src');
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.ts')) sources.set(join(folder, file), readFileSync(join(root, folder, file), 'utf8'));
    }
  }
  return sources;
}

/** One import of a file. */
export interface Import {
  readonly specifier: string;
  /** A type-only import is gone at run time. */
  readonly typeOnly: boolean;
  /** `import('…')`: loaded when reached, not with the file. */
  readonly lazy: boolean;
}

/** Lists what a file imports or re-exports. */
export function importsOf(source: string): Import[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const fixed = [
    ...code.matchAll(/^(?:import|export)\s(type\s)?[^;'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm),
  ];
  const lazy = [...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)];
  return [
    ...fixed.map(([, type, from, bare]) => ({
      specifier: from ?? bare ?? '',
      typeOnly: type !== undefined,
      lazy: false,
    })),
    ...lazy.map(([, specifier = '']) => ({ specifier, typeOnly: false, lazy: true })),
  ];
}

/** Resolves a relative specifier to a path from the root; a package name stays as it is. */
export function resolveImport(file: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
}

/** The packages that are loaded with a file, through its relative imports and through entries of this repository. */
export function loadedPackages(sources: Sources, entry: string, seen: Set<string> = new Set()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(entry)) return packages;
  seen.add(entry);
  for (const { specifier, typeOnly, lazy } of importsOf(sources.get(entry) ?? '')) {
    if (typeOnly || lazy) continue;
    if (specifier.startsWith('.')) {
      for (const name of loadedPackages(sources, resolveImport(entry, specifier), seen)) packages.add(name);
      continue;
    }
    packages.add(specifier);
    const own = entryFile(sources, specifier);
    if (own !== undefined) for (const name of loadedPackages(sources, own, seen)) packages.add(name);
  }
  return packages;
}

/** The source of `@x/http/server` and the like; undefined for packages from elsewhere. */
export function entryFile(sources: Sources, specifier: string): string | undefined {
  const match = /^@x\/(\w+)(?:\/(.+))?$/.exec(specifier);
  if (match === null) return undefined;
  const [, name = '', subpath = 'index'] = match;
  return [`packages/${name}/src/${subpath}.ts`, `packages/${name}/src/${subpath}/index.ts`].find((file) =>
    sources.has(file),
  );
}

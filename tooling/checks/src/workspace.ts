import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly exports?: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  /** Packages whose code is built into this one. */
  readonly inlines?: readonly string[];
  readonly bin?: string | Readonly<Record<string, string>>;
}

/** One subpath that users import. */
export interface Entry {
  /** `@x/http/server`. */
  readonly specifier: string;
  /** `server`; `index` for the package itself. */
  readonly name: string;
  /** Absolute path of the declarations as they are published. */
  readonly types: string;
}

/** A published package. */
export interface Package {
  /** The folder's name, `http`. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly entries: readonly Entry[];
}

/** Reads a package.json. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The published packages of a repository, by name. */
export function readPackages(root: string): Package[] {
  return readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .sort()
    .map((name) => {
      const folder = join(root, 'packages', name);
      const manifest = readManifest(folder);
      return { name, folder, manifest, entries: entriesOf(folder, manifest) };
    });
}

function entriesOf(folder: string, { name, exports = {} }: Manifest): Entry[] {
  return Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === 'string'
      ? []
      : {
          specifier: name + subpath.slice(1),
          name: subpath === '.' ? 'index' : subpath.slice(2),
          types: join(folder, target.types),
        },
  );
}

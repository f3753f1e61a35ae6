import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Manifest, type Package, readManifest } from './workspace.ts';

/** Licences that a product team may take without asking anybody. */
const allowedLicences: ReadonlySet<string> = new Set([
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
]);

/** What npm runs by itself where a package is installed. */
const installScripts = ['preinstall', 'install', 'postinstall'] as const;

interface Installed {
  readonly folder: string;
  readonly manifest: Manifest;
  /** How it is reached: `@x/http > ky`. */
  readonly path: string;
}

/**
 * Looks at everything that arrives with a published package, or inside of it: its licence, and whether it runs a program when it is
 * installed, by a script or by `binding.gyp`, for which npm builds without being asked.
 */
export function dependencyViolations(packages: readonly Package[]): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = ({ folder, manifest, path }: Installed): void => {
    const place = realpathSync(folder);
    if (seen.has(place)) return;
    seen.add(place);
    if (!isAllowed(manifest.license)) {
      found.push(
        `${path} is under ${JSON.stringify(manifest.license) ?? 'no licence'}, not one of ${[...allowedLicences].join(', ')}`,
      );
    }
    for (const script of installScripts) {
      if (manifest.scripts?.[script] !== undefined) found.push(`${path} runs a ${script} script where it is installed`);
    }
    if (existsSync(join(place, 'binding.gyp')))
      found.push(`${path} has a binding.gyp, so npm compiles where it is installed`);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, inlines = [] } = manifest;
    for (const name of [
      ...inlines,
      ...Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies }),
    ]) {
      const inner = findPackage(place, name);
      if (inner !== undefined) visit({ folder: inner, manifest: readManifest(inner), path: `${path} > ${name}` });
      else if (dependencies[name] !== undefined || inlines.includes(name))
        found.push(`${path} > ${name} is not installed: type \`pnpm install\``);
    }
  };
  for (const { folder, manifest } of packages) visit({ folder, manifest, path: manifest.name });
  return found;
}

/** Names, and expressions of them with `OR` or `AND`. Anything else is for a person to read. */
function isAllowed(licence: unknown): boolean {
  if (typeof licence !== 'string') return false;
  const bare = licence.replace(/^\((.*)\)$/, '$1');
  const choices = bare.split(' OR ');
  if (choices.length > 1) return choices.some((choice) => isAllowed(choice));
  return bare.split(' AND ').every((name) => allowedLicences.has(name));
}

/** As Node looks for it: in the `node_modules` of each folder on the way up. */
function findPackage(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return place;
    if (folder === dirname(folder)) return undefined;
  }
}

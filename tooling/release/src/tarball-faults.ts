import { posix } from 'node:path';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly repository?: { readonly url?: string; readonly directory?: string };
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly inlines?: readonly string[];
}

const mustHold = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];
const notices = 'dist/third-party-licenses.txt';
const installScripts = ['preinstall', 'install', 'postinstall', 'prepare'];

/**
 * Finds what is wrong with a package as it would be installed: its tarball's files, by path.
 *
 * @returns One sentence for each fault; none when it may be published.
 */
export function faultsOf(files: ReadonlyMap<string, string>): string[] {
  const missing = mustHold.filter((path) => !files.has(path)).map((path) => `${path} is missing`);
  const text = files.get('package.json');
  if (text === undefined) return missing;
  const manifest = JSON.parse(text) as Manifest;
  return [
    ...missing,
    ...faultsOfManifest(manifest, files),
    ...faultsOfExports(manifest, files),
    ...faultsOfFiles(manifest, files),
  ];
}

function faultsOfManifest(manifest: Manifest, files: ReadonlyMap<string, string>): string[] {
  const { name = '', version = '', repository, publishConfig } = manifest;
  const faults: string[] = [];
  const directory = `packages/${name.split('/')[1]}`;
  if (manifest.license !== 'MIT') faults.push('its licence is not MIT');
  if (repository?.directory !== directory) faults.push(`repository.directory is not ${directory}`);
  if (!repository?.url?.startsWith('git+https://')) faults.push('repository.url names no https address');
  if (publishConfig?.access !== 'public') faults.push('it would not be public');
  if (publishConfig?.provenance !== true) faults.push('it would be published without provenance');
  if (manifest.engines?.node === undefined) faults.push('it names no Node floor');
  for (const script of installScripts) {
    if (manifest.scripts?.[script] !== undefined) faults.push(`it runs a script on installation: ${script}`);
  }
  const { dependencies, peerDependencies, optionalDependencies } = manifest;
  for (const [dependency, range] of Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies })) {
    if (!/^[\^~]?\d/.test(range)) faults.push(`${dependency} has the range ${range}, which no installer understands`);
  }
  const changelog = files.get('CHANGELOG.md');
  if (changelog !== undefined && !changelog.includes(`\n## ${version}\n`)) {
    faults.push(`CHANGELOG.md says nothing of ${version}`);
  }
  return faults;
}

function faultsOfExports({ exports = {}, bin = {} }: Manifest, files: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  if (exports['.'] === undefined) faults.push('exports has no root');
  for (const [subpath, target] of Object.entries(exports)) {
    const conditions = typeof target === 'string' ? { default: target } : target;
    if (typeof target !== 'string' && conditions['types'] === undefined) faults.push(`${subpath} has no types`);
    for (const [condition, path] of Object.entries(conditions)) {
      if (!files.has(path.replace(/^\.\//, '')))
        faults.push(`${subpath}: ${condition} points to ${path}, which is missing`);
    }
  }
  for (const [command, path] of Object.entries(bin)) {
    const text = files.get(path.replace(/^\.\//, ''));
    if (text === undefined) faults.push(`the command ${command} points to ${path}, which is missing`);
    else if (!text.startsWith('#!/usr/bin/env node\n'))
      faults.push(`the command ${command} does not say that Node runs it`);
  }
  return faults;
}

function faultsOfFiles(manifest: Manifest, files: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  for (const name of manifest.inlines ?? []) {
    const named =
      files
        .get(notices)
        ?.split('\n')
        .some((line) => line.startsWith(`${name} `)) === true;
    if (!named) faults.push(`it contains ${name}, and not its licence in ${notices}`);
  }
  const linked = linkedIn(files.get('README.md') ?? '');
  for (const path of linked) {
    if (!files.has(path)) faults.push(`README.md links to ${path}, which is missing`);
  }
  const known = new Set([manifest.name, ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })]);
  for (const [path, text] of files) {
    const isPage = mustHold.includes(path) || (path.endsWith('.md') && linked.includes(path));
    if (!isPage && path !== notices && !/^dist\/[\w./-]+\.(?:js|d\.ts)$/.test(path)) {
      faults.push(`${path} has no place in a package`);
    }
    if (!/\.(?:js|d\.ts)$/.test(path)) continue;
    for (const specifier of specifiersIn(text)) {
      if (specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) {
        const file = posix.join(posix.dirname(path), specifier);
        const found = path.endsWith('.d.ts') ? file.replace(/\.js$/, '.d.ts') : file;
        if (!files.has(found)) faults.push(`${path} imports ${specifier}, which is missing`);
      } else {
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        if (!known.has(name)) faults.push(`${path} imports ${name}, which it does not depend on`);
      }
    }
  }
  return faults;
}

/** What a page links to beside it: whoever has the package alone has nothing else of the repository. */
function linkedIn(page: string): string[] {
  return [...page.matchAll(/\]\((?!\w+:|#)([^)#]+)[^)]*\)/g)].map(([, path = '']) => posix.normalize(path));
}

/** What a built file imports, at its top or when asked. Comments and examples in them are no imports. */
function specifiersIn(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const patterns = [
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier = '']) => specifier));
}

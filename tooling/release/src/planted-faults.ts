import type { Versions } from './publish.ts';
import type { Stage } from './stage.ts';
import { readTarball } from './tarball.ts';
import { faultsOf } from './tarball-faults.ts';

type Files = Map<string, string>;

/** A way to spoil a package, and what the look at its tarball must then say. */
export interface Plant {
  readonly plant: (files: Files) => void;
  readonly finds: RegExp;
}

/** Every way, named after the fault. They are planted in the package of HubRise. */
export const plants: Readonly<Record<string, Plant>> = {
  'a file that exports names is missing': {
    plant: (files) => files.delete('dist/webhook.js'),
    finds: /^\.\/webhook: default points to \.\/dist\/webhook\.js, which is missing$/m,
  },
  'types of a subpath are missing': {
    plant: (files) => files.delete('dist/scope.d.ts'),
    finds: /^\.\/scope: types points to \.\/dist\/scope\.d\.ts, which is missing$/m,
  },
  'a subpath forgets its types': {
    plant: (files) => edit(files, 'package.json', '"types": "./dist/schema.d.ts",', ''),
    finds: /^\.\/schema has no types$/m,
  },
  'a range of the workspace is left in': {
    plant: (files) => edit(files, 'package.json', /"@x\/http": "[^"]+"/, '"@x/http": "workspace:^"'),
    finds: /^@x\/http has the range workspace:\^/m,
  },
  'a shared chunk is missing': {
    plant: (files) => files.delete([...files.keys()].find((path) => /^dist\/chunk-.*\.js$/.test(path)) ?? ''),
    finds: /imports \.\/chunk-.*, which is missing$/m,
  },
  'a dependency is not declared': {
    plant: (files) => edit(files, 'package.json', /"valibot": "[^"]+"/, '"unused": "^1.0.0"'),
    finds: /imports valibot, which it does not depend on$/m,
  },
  'a script would run on installation': {
    plant: (files) => edit(files, 'package.json', '"scripts": {', '"scripts": { "postinstall": "node .",'),
    finds: /^it runs a script on installation: postinstall$/m,
  },
  'a private file slipped in': {
    plant: (files) => files.set('.env', 'KEY=1'),
    finds: /^\.env has no place in a package$/m,
  },
  'the README links to what only the repository has': {
    plant: (files) => edit(files, 'README.md', /$/, '\n[an example](examples/one.ts)\n'),
    finds: /^README\.md links to examples\/one\.ts, which is missing$/m,
  },
  'there is no licence': { plant: (files) => files.delete('LICENSE'), finds: /^LICENSE is missing$/m },
  'there is no changelog': { plant: (files) => files.delete('CHANGELOG.md'), finds: /^CHANGELOG\.md is missing$/m },
  'the changelog is not of this version': {
    plant: (files) => edit(files, 'CHANGELOG.md', /^## .*$/m, '## 0.0.9'),
    finds: /^CHANGELOG\.md says nothing of .+$/m,
  },
  'provenance is switched off': {
    plant: (files) => edit(files, 'package.json', '"provenance": true', '"provenance": false'),
    finds: /without provenance$/m,
  },
  'it points to another folder of the repository': {
    plant: (files) => edit(files, 'package.json', 'packages/hubrise', 'packages/other'),
    finds: /^repository\.directory is not packages\/hubrise$/m,
  },
  'a source map names sources that are not shipped': {
    plant: (files) => files.set('dist/index.js.map', '{}'),
    finds: /^dist\/index\.js\.map has no place in a package$/m,
  },
  'code of others goes without its licence': {
    plant: (files) => edit(files, 'package.json', '"type": "module"', '"type": "module", "inlines": ["rou3"]'),
    finds: /^it contains rou3, and not its licence in dist\/third-party-licenses\.txt$/m,
  },
};

/** Plants one fault in a package; returns what was found, and throws when that is not it. */
export function spoil(files: Files, { plant, finds }: Plant): string {
  plant(files);
  const found = faultsOf(files).join('\n');
  const line = finds.exec(found)?.[0];
  if (line === undefined) throw new Error(found === '' ? 'nothing was found' : `found instead: ${found}`);
  return line;
}

/** Spoils the published package in one way after the other: each must be found in what was sound before. */
export async function checkPlantedFaults({ ledger, registry }: Stage, versions: Versions): Promise<void> {
  const tarball = await registry.tarball('@x/hubrise', versions['@x/hubrise'] ?? '');
  for (const [fault, plant] of Object.entries(plants)) {
    await ledger.row('hubrise', async (check, note) => {
      note(fault);
      await check('it is found', () => note(`“${spoil(readTarball(tarball), plant)}”`));
    });
  }
}

function edit(files: Files, path: string, from: string | RegExp, to: string): void {
  const before = files.get(path) ?? '';
  const after = before.replace(from, to);
  if (after === before) throw new Error(`there is nothing to spoil in ${path}`);
  files.set(path, after);
}

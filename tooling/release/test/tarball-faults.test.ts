import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plants, spoil } from '../src/planted-faults.ts';
import { faultsOf } from '../src/tarball-faults.ts';

const faults = suite('tarball faults');

const manifest = {
  name: '@x/hubrise',
  version: '0.1.0',
  type: 'module',
  license: 'MIT',
  repository: { type: 'git', url: 'git+https://example.invalid/x/x.git', directory: 'packages/hubrise' },
  exports: Object.fromEntries(
    ['index', 'scope', 'schema', 'webhook'].map((name) => [
      name === 'index' ? '.' : `./${name}`,
      { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
    ]),
  ),
  bin: { 'x-hubrise': './dist/cli.js' },
  engines: { node: '>=22' },
  publishConfig: { access: 'public', provenance: true },
  scripts: { build: 'tsup' },
  dependencies: { '@x/http': '^0.1.0', valibot: '^1.5.0' },
};

/** A package as small as one can be that may be published. */
function sound(): Map<string, string> {
  const built = ['index', 'scope', 'schema', 'webhook'].flatMap((name): [string, string][] => [
    [`dist/${name}.js`, `import * as v from 'valibot';\nexport { one } from './chunk-ABCDEFGH.js';\n`],
    [`dist/${name}.d.ts`, `import { XError } from '@x/http';\n`],
  ]);
  return new Map([
    ['package.json', JSON.stringify(manifest, null, 2)],
    ['README.md', '# @x/hubrise'],
    ['LICENSE', 'MIT'],
    ['CHANGELOG.md', '# @x/hubrise\n\n## 0.1.0\n\n- First.\n'],
    ['dist/chunk-ABCDEFGH.js', "/** import x from 'not-code'; */\nconst later = () => import('node:http');\n"],
    ['dist/cli.js', '#!/usr/bin/env node\n'],
    ...built,
  ]);
}

faults('a sound package has none', () => {
  assert.equal(faultsOf(sound()), []);
});

for (const [fault, plant] of Object.entries(plants)) {
  faults(`finds that ${fault}`, () => {
    assert.match(spoil(sound(), plant), plant.finds);
  });
}

faults('finds a command that is missing or cannot run', () => {
  const gone = sound();
  gone.delete('dist/cli.js');
  assert.match(faultsOf(gone).join(), /the command x-hubrise points to \.\/dist\/cli\.js, which is missing/);
  const mute = sound().set('dist/cli.js', 'run();\n');
  assert.match(faultsOf(mute).join(), /does not say that Node runs it/);
});

faults('finds none where the licence goes along with what is built in', () => {
  const files = sound().set('dist/third-party-licenses.txt', 'rou3 1.0.0 (MIT)\n\nMIT License\n');
  files.set('package.json', JSON.stringify({ ...manifest, inlines: ['rou3'] }));
  assert.equal(faultsOf(files), []);
  files.set('package.json', JSON.stringify({ ...manifest, inlines: ['rou3', 'rou'] }));
  assert.equal(faultsOf(files), ['it contains rou, and not its licence in dist/third-party-licenses.txt']);
});

faults('lets a page into the package to which the README links, and no other', () => {
  const files = sound().set('GUIDE.md', '# Guide').set('notes.md', '# Notes');
  files.set('README.md', 'A [guide](./GUIDE.md#begin), a [site](https://example.com/x.md), [above](#above).');
  assert.equal(faultsOf(files), ['notes.md has no place in a package']);
  files.set('README.md', 'Code: [one](dist/../one.ts).').set('one.ts', '');
  files.delete('GUIDE.md');
  files.delete('notes.md');
  assert.equal(faultsOf(files), ['one.ts has no place in a package']);
});

faults('of a package without a manifest, the manifest is one', () => {
  assert.match(faultsOf(new Map()).join(), /^package\.json is missing/);
});

faults.run();

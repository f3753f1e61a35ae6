import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { install, withFolder } from '../src/install.ts';
import { type Cost, costLines, gzipOf, leastImportMs } from '../src/installs.ts';

const installs = suite('installs');

/** Writes files into a folder: text as it is, all else as JSON. */
function write(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** Packs a package as a registry would hold it, and gives what a manifest says to install it. */
function packed(folder: string, manifest: { readonly name: string }, files: Record<string, string>): string {
  const source = join(folder, 'sources', manifest.name);
  write(join(source, 'package'), { 'package.json': manifest, ...files });
  const file = join(folder, `${manifest.name.replace('/', '+')}.tgz`);
  assert.is(spawnSync('tar', ['-czf', file, '-C', source, 'package']).status, 0);
  return `file:${file}`;
}

installs('are counted and weighed as npm leaves them, and run no script', () =>
  withFolder(async (folder) => {
    const large = { name: '@sample/large', version: '1.2.3', scripts: { postinstall: 'node -e "" > ran' } };
    const small = { name: 'small', version: '0.1.0', type: 'module' };
    const code = 'export const one = 1;\n';
    const installed = install(join(folder, 'app'), {
      dependencies: {
        '@sample/large': packed(folder, large, { 'data/blob.txt': 'x'.repeat(12_345) }),
        small: packed(folder, small, { 'index.js': code }),
      },
    });
    const [largeBytes, smallBytes] = [
      JSON.stringify(large).length + 12_345,
      JSON.stringify(small).length + code.length,
    ];
    assert.equal(installed.packages, [
      { name: '@sample/large', version: '1.2.3', bytes: largeBytes, installScripts: ['postinstall'] },
      { name: 'small', version: '0.1.0', bytes: smallBytes, installScripts: [] },
    ]);
    assert.is(installed.bytes, largeBytes + smallBytes);
    assert.ok(!existsSync(join(installed.folder, 'node_modules/@sample/large/ran')));
  }),
);

installs('that fail say what npm said', () =>
  withFolder(async (folder) => {
    const dependencies = { gone: `file:${join(folder, 'gone.tgz')}` };
    assert.throws(() => install(join(folder, 'app'), { dependencies }), /^npm install .*gone\.tgz/s);
  }),
);

installs('leave no folder behind, even when something failed', async () => {
  let kept = '';
  const use = async (folder: string): Promise<never> => {
    kept = folder;
    write(folder, { 'deep/file.txt': 'text' });
    throw new Error('on purpose');
  };
  await rejects(withFolder(use), Error, /^on purpose$/);
  assert.ok(kept !== '' && !existsSync(kept));
});

const part = (name: string, bytes: number) => ({ name, version: '1.0.0', bytes, installScripts: [] });

function cost(name: string, packages: Cost['packages'], rest: Partial<Cost> = {}): Cost {
  const bytes = packages.reduce((sum, { bytes }) => sum + bytes, 0);
  return { name, packages, bytes, gzip: 12_345, importMs: 6.78, ...rest };
}

const rows: readonly [what: string, seen: Cost, lines: readonly string[]][] = [
  [
    'one of ours that meets its targets to the byte',
    cost('@x/sample', [...Array.from({ length: 7 }, () => part('a', 300_000)), part('b', 900_000)]),
    ['  @x/sample                          8     3000     12.3      6.8'],
  ],
  [
    'one of ours that is too heavy, heaviest first',
    cost('@x/sample', [part('a', 400_000), part('b', 2_600_001)]),
    [
      '  @x/sample                          2     3000     12.3      6.8',
      '  MISSED  at most 3000 kB: 3000.00',
      '          b 2600, a 400',
    ],
  ],
  [
    'one of ours that brings too many',
    cost(
      '@x/sample',
      Array.from({ length: 9 }, () => part('a', 1000)),
    ),
    ['  @x/sample                          9        9     12.3      6.8', '  MISSED  at most 8 packages: 9.00'],
  ],
  [
    'another, however heavy',
    cost(
      'peer',
      Array.from({ length: 225 }, () => part('a', 100_000)),
    ),
    ['  peer                             225    22500     12.3      6.8'],
  ],
  [
    'one that neither bundles nor loads',
    cost('peer', [], { gzip: undefined, importMs: undefined }),
    ['  peer                               0        0        –        –'],
  ],
];

for (const [what, seen, lines] of rows) {
  installs(`are told of: ${what}`, () => {
    assert.equal(costLines(seen), lines);
  });
}

const dayMs = 86_400_000;

const entries = {
  'node_modules/waits/package.json': { name: 'waits', exports: './index.mjs' },
  // by the clock of its own process it takes three days, then two, then four
  'node_modules/waits/index.mjs': `
    import { appendFileSync, readFileSync } from 'node:fs';
    appendFileSync(import.meta.dirname + '/loads', '.');
    const days = [3, 2, 4][readFileSync(import.meta.dirname + '/loads').length - 1];
    const now = performance.now.bind(performance);
    performance.now = () => now() + days * ${dayMs};
    console.log('loud');`,
  'node_modules/quick/package.json': { name: 'quick', exports: './index.mjs' },
  'node_modules/quick/index.mjs': `import 'base';\nexport const quick = 'quick';\n`,
  'node_modules/base/package.json': { name: 'base', exports: './index.mjs' },
  'node_modules/base/index.mjs': `export const text = '${'0123456789'.repeat(50)}';\nglobalThis.base = text;\n`,
  'node_modules/broken/package.json': { name: 'broken', exports: './index.mjs' },
  'node_modules/broken/index.mjs': `import 'nowhere';\n`,
};

installs('load in the least time that was seen, and what does not load has none', () =>
  withFolder(async (folder) => {
    write(folder, entries);
    const times = leastImportMs(
      ['waits', 'quick', 'broken'].map((entry) => ({ entry, folder })),
      3,
    );
    const { waits = 0, quick = 0 } = Object.fromEntries(times);
    assert.is(Math.floor(waits / dayMs), 2, `${waits}`);
    assert.ok(quick > 0 && quick < dayMs, `${quick}`);
    assert.not(times.has('broken'));
  }),
);

installs('weigh with all that they import, and what does not bundle has no weight', () =>
  withFolder(async (folder) => {
    write(folder, entries);
    const [quick = 0, base = 0] = [await gzipOf('quick', folder), await gzipOf('base', folder)];
    assert.ok(base > 0 && quick > base, `${quick} and ${base}`);
    assert.is(await gzipOf('broken', folder), undefined);
  }),
);

installs.run();

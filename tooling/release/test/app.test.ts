import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertUntouched, installedIn, inventoryOf } from '../src/app.ts';

const app = suite('app');

function write(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

const hub = { name: '@x/hub', version: '1.0.0' };
const native = { name: 'native', version: '2.0.0', scripts: { postinstall: 'node build', test: 'no' } };
const old = { name: 'native', version: '1.9.0' };

/** As npm leaves an app: packages in each other, commands by links. */
const byNpm = {
  'package.json': { dependencies: { '@x/hub': '1.0.0' } },
  'package-lock.json': { lockfileVersion: 3 },
  'node_modules/.package-lock.json': { lockfileVersion: 3 },
  'node_modules/@x/hub/package.json': hub,
  'node_modules/@x/hub/dist/index.js': 'export {};\n',
  'node_modules/@x/hub/node_modules/native/package.json': old,
  'node_modules/native/package.json': native,
  'node_modules/native/binding.gyp': '{}',
  'node_modules/native/cli.js': '#!/usr/bin/env node\n',
};

/** As pnpm leaves one: every package in a folder of its own, in reach of those that need it by links. */
const byPnpm = {
  'package.json': { dependencies: { '@x/hub': '1.0.0' } },
  'pnpm-lock.yaml': 'lockfileVersion: 9.0\n',
  'pnpm-workspace.yaml': 'minimumReleaseAge: 0\n',
  'node_modules/.modules.yaml': 'prunedAt: today\n',
  'node_modules/.pnpm/lock.yaml': 'lockfileVersion: 9.0\n',
  'node_modules/.pnpm/@x+hub@1.0.0/node_modules/@x/hub/package.json': hub,
  'node_modules/.pnpm/@x+hub@1.0.0/node_modules/@x/hub/dist/index.js': 'export {};\n',
  'node_modules/.pnpm/native@2.0.0/node_modules/native/package.json': native,
};

function install(manager: 'npm' | 'pnpm', folder: string): void {
  write(folder, manager === 'npm' ? byNpm : byPnpm);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'));
  mkdirSync(join(modules, '@x'), { recursive: true });
  if (manager === 'npm') {
    chmodSync(join(modules, 'native/cli.js'), 0o755);
    symlinkSync('../native/cli.js', join(modules, '.bin/native'));
  } else {
    symlinkSync('../.pnpm/@x+hub@1.0.0/node_modules/@x/hub', join(modules, '@x/hub'));
    symlinkSync('../../native@2.0.0/node_modules/native', join(modules, '.pnpm/@x+hub@1.0.0/node_modules/native'));
  }
}

/** An app that is gone afterwards. */
function withApp(manager: 'npm' | 'pnpm', use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'x-app-'));
  try {
    install(manager, folder);
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const bytesOf = (manifest: object): number => JSON.stringify(manifest).length;

app('of npm has every package, wherever it is, with its bytes and what runs on installation', () =>
  withApp('npm', (folder) => {
    const installScripts = ['postinstall', 'binding.gyp'];
    assert.equal(installedIn({ folder }), [
      { ...hub, bytes: bytesOf(hub) + 11, installScripts: [] },
      { ...old, bytes: bytesOf(old), installScripts: [] },
      { name: 'native', version: '2.0.0', bytes: bytesOf(native) + 22, installScripts },
    ]);
  }),
);

app('of pnpm has each package once, however many links lead to it', () =>
  withApp('pnpm', (folder) => {
    assert.equal(
      installedIn({ folder }).map(({ name, version }) => `${name}@${version}`),
      ['@x/hub@1.0.0', 'native@2.0.0'],
    );
  }),
);

app('without packages has none', () => assert.equal(installedIn({ folder: join(tmpdir(), 'x-app-nowhere') }), []));

const hubFile = {
  npm: 'node_modules/@x/hub/dist/index.js',
  pnpm: 'node_modules/.pnpm/@x+hub@1.0.0/node_modules/@x/hub/dist/index.js',
};

function flipOneBit(file: string): void {
  const bytes = readFileSync(file);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

function relink(folder: string, path: string, target: string): void {
  unlinkSync(join(folder, path));
  symlinkSync(target, join(folder, path));
}

const touches: readonly [
  what: string,
  managers: readonly ('npm' | 'pnpm')[],
  touch: (folder: string, manager: 'npm' | 'pnpm') => void,
  tells: RegExp,
][] = [
  [
    'one bit of a file',
    ['npm', 'pnpm'],
    (folder, manager) => flipOneBit(join(folder, hubFile[manager])),
    /^\+ node_modules\/.*hub\/dist\/index\.js 644 .+\n- node_modules\/.*hub\/dist\/index\.js 644 .+$/m,
  ],
  [
    'a mode',
    ['npm', 'pnpm'],
    (folder, manager) => chmodSync(join(folder, hubFile[manager]), 0o755),
    /^\+ node_modules\/.*index\.js 755 .+\n- node_modules\/.*index\.js 644 .+$/m,
  ],
  [
    'a file more',
    ['npm', 'pnpm'],
    (folder, manager) => writeFileSync(join(folder, dirname(hubFile[manager]), '.more'), ''),
    /^\+ node_modules\/.*hub\/dist\/\.more 644 .+$/m,
  ],
  [
    'a file less',
    ['npm', 'pnpm'],
    (folder, manager) => unlinkSync(join(folder, hubFile[manager])),
    /:\n- node_modules\/.*hub\/dist\/index\.js 644 .+$/,
  ],
  [
    'a file by another name',
    ['npm'],
    (folder) => {
      writeFileSync(
        join(folder, 'node_modules/@x/hub/dist/other.js'),
        byNpm[hubFile.npm as keyof typeof byNpm] as string,
      );
      unlinkSync(join(folder, hubFile.npm));
    },
    /^\+ .*other\.js .+\n- .*index\.js .+$/m,
  ],
  [
    'a package more',
    ['npm'],
    (folder) => write(folder, { 'node_modules/more/package.json': { name: 'more', version: '1.0.0' } }),
    /:\n\+ node_modules\/more\/package\.json 644 .+$/,
  ],
  [
    'another version of a package',
    ['npm'],
    (folder) => write(folder, { 'node_modules/@x/hub/package.json': { ...hub, version: '1.0.1' } }),
    /^\+ node_modules\/@x\/hub\/package\.json .+\n- node_modules\/@x\/hub\/package\.json .+$/m,
  ],
  [
    'a link to another version',
    ['pnpm'],
    (folder) => relink(folder, 'node_modules/@x/hub', '../.pnpm/@x+hub@1.0.1/node_modules/@x/hub'),
    /^\+ node_modules\/@x\/hub → \.\.\/\.pnpm\/@x\+hub@1\.0\.1\/.+\n- node_modules\/@x\/hub → .+@1\.0\.0\/.+$/m,
  ],
  [
    'a command that is another',
    ['npm'],
    (folder) => relink(folder, 'node_modules/.bin/native', '../@x/hub/dist/index.js'),
    /^\+ node_modules\/\.bin\/native → \.\.\/@x\/hub\/dist\/index\.js\n- /m,
  ],
  [
    'the lockfile of npm',
    ['npm'],
    (folder) => write(folder, { 'package-lock.json': { lockfileVersion: 3, packages: {} } }),
    /:\n\+ package-lock\.json .+\n- package-lock\.json .+$/,
  ],
  [
    'the lockfile of pnpm',
    ['pnpm'],
    (folder) => write(folder, { 'pnpm-lock.yaml': 'lockfileVersion: 9.1\n' }),
    /:\n\+ pnpm-lock\.yaml .+\n- pnpm-lock\.yaml .+$/,
  ],
  [
    'the manifest',
    ['npm', 'pnpm'],
    (folder) => write(folder, { 'package.json': { dependencies: { '@x/hub': '^1.0.0' } } }),
    /:\n\+ package\.json .+\n- package\.json .+$/,
  ],
];

for (const [what, managers, touch, tells] of touches) {
  for (const manager of managers) {
    app(`of ${manager} is touched by ${what}, which is named`, () =>
      withApp(manager, (folder) => {
        const before = inventoryOf({ folder });
        touch(folder, manager);
        assert.throws(() => assertUntouched({ folder }, before), tells);
      }),
    );
  }
}

for (const manager of ['npm', 'pnpm'] as const) {
  app(`of ${manager} is untouched by times, by an installer's own notes and by what a team writes`, () =>
    withApp(manager, (folder) => {
      const before = inventoryOf({ folder });
      utimesSync(join(folder, hubFile[manager]), 1, 1);
      utimesSync(join(folder, 'package.json'), 1, 1);
      write(folder, {
        'node_modules/.package-lock.json': { lockfileVersion: 4 },
        'node_modules/.modules.yaml': 'prunedAt: tomorrow\n',
        'quick-start.js': 'export {};\n',
      });
      assertUntouched({ folder }, before);
    }),
  );

  app(`of ${manager} that is installed again in the same way is untouched, and lists all that is in it`, () =>
    withApp(manager, (folder) => {
      const before = inventoryOf({ folder });
      assert.is(before.length, 9);
      rmSync(join(folder, 'node_modules'), { recursive: true });
      install(manager, folder);
      assertUntouched({ folder }, before);
    }),
  );
}

app.run();

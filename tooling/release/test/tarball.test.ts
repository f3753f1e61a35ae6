import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertSameTarball, contentsOf, readTarball } from '../src/tarball.ts';

const tarball = suite('tarball');

/** Packs a folder named `package` with the machine's own tar, an implementation that is not ours. */
function pack(files: Readonly<Record<string, string>>, link?: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'x-tarball-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, 'package', path, '..'), { recursive: true });
      writeFileSync(join(folder, 'package', path), text);
    }
    const names = Object.keys(files);
    if (link !== undefined) symlinkSync('/etc/hostname', join(folder, 'package', link));
    const listed = [...names, ...(link === undefined ? [] : [link])].map((path) => `package/${path}`);
    const { status, stderr } = spawnSync('tar', ['--format=ustar', '-czf', 'it.tgz', ...listed], { cwd: folder });
    assert.is(status, 0, String(stderr));
    return readFileSync(join(folder, 'it.tgz'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

tarball('gives every file by its path, whatever its length', () => {
  const long = `dist/${'folder/'.repeat(16)}file.js`;
  const files = { 'package.json': '{}', empty: '', 'dist/a.js': 'é'.repeat(700), [long]: 'x'.repeat(512) };
  assert.equal([...readTarball(pack(files))].sort(), Object.entries(files).sort());
});

tarball('refuses a link', () => {
  assert.throws(() => readTarball(pack({ a: '1' }, 'link')), /package\/link is not a plain file/);
});

tarball('lists hashed names once, as a star', () => {
  const files = ['dist/chunk-AAAAAAA1.js', 'dist/chunk-BBBBBBB2.js', 'dist/hub-Cq_K0U-u.d.ts'];
  const names = new Map([...files, 'dist/user-token.js', 'README.md'].map((path) => [path, '']));
  assert.equal(contentsOf(names), ['README.md', 'dist/chunk-*.js', 'dist/hub-*.d.ts', 'dist/user-token.js']);
});

const built = { 'package.json': '{"name":"@x/sample"}', 'dist/a.js': 'export const a = 1;\n', 'README.md': '# a' };

/** A folder like any other that was built from the same sources at the same time. */
function build(folder: string): void {
  for (const [path, text] of Object.entries(built)) {
    const file = join(folder, 'package', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o644);
    utimesSync(file, 499_162_500, 499_162_500);
  }
}

/** Packs what was built and then, with something done to the folder in between, what was built again. */
function packTwice(between: (folder: string) => void): [Uint8Array, Uint8Array] {
  const folders = [mkdtempSync(join(tmpdir(), 'x-first-')), mkdtempSync(join(tmpdir(), 'x-second-'))];
  try {
    const packed = folders.map((folder, round) => {
      build(folder);
      if (round === 1) between(join(folder, 'package'));
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
      const options = ['--format=ustar', '--no-recursion', '-cf', '-'];
      const files = names.filter((name) => statSync(join(folder, name)).isFile());
      const { status, stdout, stderr } = spawnSync('tar', [...options, ...files], { cwd: folder });
      assert.is(status, 0, String(stderr));
      return gzipSync(stdout, { level: 0 }); // so that two of them differ in length only where their contents do
    });
    return [packed[0] ?? new Uint8Array(0), packed[1] ?? new Uint8Array(0)];
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
}

tarball('is the same when the same was built twice', () => {
  const [first, second] = packTwice(() => {});
  assertSameTarball(second, first);
});

const packing = /^the files are the same, their packing is not$/;

const differences: readonly [what: string, between: (folder: string) => void, tells: RegExp][] = [
  [
    'one byte of a file',
    (folder) => {
      writeFileSync(join(folder, 'dist/a.js'), 'export const a = 2;\n');
      utimesSync(join(folder, 'dist/a.js'), 499_162_500, 499_162_500);
    },
    /^these differ: dist\/a\.js$/,
  ],
  ['a file more', (folder) => writeFileSync(join(folder, 'dist/b.js'), ''), /^these differ: dist\/b\.js$/],
  ['a file less', (folder) => rmSync(join(folder, 'README.md')), /^these differ: README\.md$/],
  ['the mode of a file', (folder) => chmodSync(join(folder, 'dist/a.js'), 0o755), packing],
  ['the time of a file', (folder) => utimesSync(join(folder, 'dist/a.js'), 499_162_501, 499_162_501), packing],
];

for (const [what, between, tells] of differences) {
  tarball(`is another by ${what}`, () => {
    const [first, second] = packTwice(between);
    assert.throws(() => assertSameTarball(second, first), tells);
    assert.throws(() => assertSameTarball(first, second), tells);
  });
}

tarball('is another when it is compressed in another way', () => {
  const [first] = packTwice(() => {});
  assert.throws(() => assertSameTarball(gzipSync(gunzipSync(first), { level: 1 }), first), packing);
});

tarball.run();

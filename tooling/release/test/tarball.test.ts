import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contentsOf, readTarball } from '../src/tarball.ts';

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

tarball.run();

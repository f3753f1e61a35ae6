import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Writes files into a folder of their own, gone when the process ends; objects as JSON. */
export function plant(files: Readonly<Record<string, string | object>>): string {
  const root = mkdtempSync(join(tmpdir(), 'x-checks-'));
  folders.push(root);
  add(root, files);
  return root;
}

/** Writes or replaces files. */
export function add(root: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  }
}

/** Runs git, with nothing taken from the machine's own settings. */
export function runGit(root: string, ...parameters: readonly string[]): void {
  const settings = ['user.name=a', 'user.email=a@example.com', 'commit.gpgsign=false', 'tag.gpgsign=false'];
  const { status, stderr } = spawnSync('git', [...settings.flatMap((text) => ['-c', text]), ...parameters], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  });
  if (status !== 0) throw new Error(`git ${parameters.join(' ')}: ${stderr}`);
}

/** Commits all that there is. */
export function commit(root: string, text: string): void {
  runGit(root, 'add', '-A');
  runGit(root, 'commit', '-q', '-m', text);
}

/** The manifest of a package with the given subpaths. */
export function manifest(name: string, more: object = {}, subpaths: readonly string[] = ['.']): object {
  const exports = Object.fromEntries(
    subpaths.map((subpath) => {
      const file = subpath === '.' ? 'index' : subpath.slice(2);
      return [subpath, { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` }];
    }),
  );
  return { name: `@x/${name}`, version: '0.0.0', license: 'MIT', type: 'module', exports, ...more };
}

import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.ts';

/** Clones the repository's last commit into a folder, with a committer of its own and as if nothing had been released. */
export async function cloneRepository(root: string, folder: string): Promise<void> {
  await run(['git', 'clone', '--quiet', '--no-tags', root, folder], { cwd: root });
  await run(['git', 'config', 'user.name', 'rehearsal'], { cwd: folder });
  await run(['git', 'config', 'user.email', 'rehearsal@example.invalid'], { cwd: folder });
}

/** Makes a clone look like the working tree it came from: what is changed, added or removed and not yet committed. */
export async function copyUncommitted(root: string, folder: string): Promise<void> {
  for (const path of await uncommittedIn(root)) {
    const target = join(folder, path);
    if (existsSync(join(root, path))) {
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(root, path), target);
    } else {
      rmSync(target, { force: true });
    }
  }
}

/** The files that differ from the last commit, ignored ones left out. */
export async function uncommittedIn(root: string): Promise<string[]> {
  const changed = await run(['git', 'diff', '--name-only', '--no-renames', '-z', 'HEAD'], { cwd: root });
  const added = await run(['git', 'ls-files', '--others', '--exclude-standard', '-z'], { cwd: root });
  return `${changed.stdout}${added.stdout}`.split('\0').filter((path) => path !== '');
}

/** Commits everything in a clone. */
export async function commitAll(folder: string, message: string): Promise<void> {
  await run(['git', 'add', '--all'], { cwd: folder });
  await run(['git', 'commit', '--quiet', '--allow-empty', '--message', message], { cwd: folder });
}

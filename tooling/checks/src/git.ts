import { spawnSync } from 'node:child_process';

/** What git answers, without the last line break; undefined when it refuses. */
export function git(root: string, ...parameters: readonly string[]): string | undefined {
  const { status, stdout, error } = spawnSync('git', parameters, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error !== undefined) throw error;
  return status === 0 ? stdout.replace(/\n$/, '') : undefined;
}

/** The lines of git's answer; none when it refuses. */
export function gitLines(root: string, ...parameters: readonly string[]): string[] {
  return (git(root, ...parameters) ?? '').split('\n').filter((line) => line !== '');
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Finds files, exports and dependencies that nobody uses, with the settings in `config`. */
export function unused(root: string, config: string): string[] {
  const bin = fileURLToPath(new URL('../node_modules/knip/bin/knip.js', import.meta.url));
  const parameters = ['--config', config, '--directory', root, '--no-progress', '--treat-config-hints-as-errors'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...parameters], { cwd: root, encoding: 'utf8' });
  if (status === 0) return [];
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? ['knip ended without saying why'] : lines;
}

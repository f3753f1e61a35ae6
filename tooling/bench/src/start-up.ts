import { spawnSync } from 'node:child_process';
import { median } from './measure.ts';
import { reportTarget } from './report.ts';

/** Times the import of an entry in fresh processes, in milliseconds. */
export function importMs(specifier: string, times: number = 15): number {
  const url = import.meta.resolve(specifier);
  const code = `const t = performance.now(); await import(${JSON.stringify(url)}); console.log(performance.now() - t);`;
  const seen = Array.from({ length: times }, () => {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    return Number(stdout);
  });
  return median(seen);
}

/** Start-up of the signing core. */
export async function benchStartUp(): Promise<void> {
  console.log('\nImport in a fresh process, milliseconds');
  for (const [specifier, maxMs] of [
    ['@x/crypto', 5],
    ['@x/crypto/paseto', 5],
    ['jose', undefined],
    ['crypto-js', undefined],
  ] as const) {
    const ms = importMs(specifier);
    console.log(`  ${specifier.padEnd(34)} ${ms.toFixed(2).padStart(8)}`);
    if (maxMs !== undefined) reportTarget(`under ${maxMs} ms`, ms, ms < maxMs);
  }
}

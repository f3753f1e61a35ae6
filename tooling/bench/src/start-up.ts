import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** A script that loads something, in a folder where that is installed. */
export interface StartScript {
  readonly folder: string;
  /** Its name says whether it is a module or a CommonJS script. */
  readonly file: string;
  readonly code: string;
}

/** Times scripts in fresh processes by turns, in milliseconds each. */
export function startMs(scripts: readonly StartScript[], times: number = 15): number[] {
  const mark = 'started after ';
  const seen = scripts.map((): number[] => []);
  for (const { folder, file, code } of scripts) {
    const timed = `const t = performance.now();\n${code}\nconsole.log('${mark}' + (performance.now() - t));\n`;
    writeFileSync(join(folder, file), timed);
  }
  for (let time = 0; time < times; time += 1) {
    for (const [index, { folder, file }] of scripts.entries()) {
      const { stdout, stderr } = spawnSync(process.execPath, [join(folder, file)], { encoding: 'utf8' });
      const ms = Number(stdout.split(mark)[1]);
      if (Number.isNaN(ms)) throw new Error(`${file} did not start: ${stderr}`);
      seen[index]?.push(ms);
    }
  }
  return seen.map((ms) => median(ms));
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

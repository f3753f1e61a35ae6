import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './measure.ts';
import { reportTarget } from './report.ts';

/** Times the import of entries in fresh processes by turns, in milliseconds each. */
function importMs(specifiers: readonly string[], times: number = 15): number[] {
  const seen = specifiers.map((): number[] => []);
  for (let time = 0; time < times; time += 1) {
    for (const [index, specifier] of specifiers.entries()) {
      const url = JSON.stringify(import.meta.resolve(specifier));
      const code = `const t = performance.now(); await import(${url}); console.log(performance.now() - t);`;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
      seen[index]?.push(Number(stdout));
    }
  }
  return seen.map((ms) => median(ms));
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

/** Counts the files that an import reads: each costs about as much time as its own text is worth. */
function filesLoaded(specifier: string): number {
  const url = import.meta.resolve(specifier);
  const code = `
    import { registerHooks } from 'node:module';
    let files = 0;
    registerHooks({ load: (url, context, next) => ((files += 1), next(url, context)) });
    await import(${JSON.stringify(url)});
    console.log(files);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  return Number(stdout);
}

/** Start-up of the signing core. */
export async function benchStartUp(): Promise<void> {
  console.log('\nImport in a fresh process: milliseconds, files');
  const [whole = 0] = importTable(['@x/crypto', '@x/crypto/light', '@x/crypto/paseto', 'jose', 'crypto-js']);
  reportTarget('under 5 ms', whole, whole < 5);
}

/** Times imports by turns in fresh processes and prints them. @returns Milliseconds each. */
export function importTable(specifiers: readonly string[]): number[] {
  const seen = importMs(specifiers);
  for (const [index, specifier] of specifiers.entries()) {
    const ms = (seen[index] ?? 0).toFixed(2).padStart(8);
    console.log(`  ${specifier.padEnd(34)} ${ms} ${String(filesLoaded(specifier)).padStart(5)}`);
  }
  return seen;
}

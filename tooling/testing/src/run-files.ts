// The child of the guard: loads test files into uvu's queue, runs it, and writes what it counted.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Tally } from './guard.ts';
import { leftOut } from './left-out.ts';

type QueuedSuite = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>;
type Group = [file: string | null, ...suites: QueuedSuite[]];

const [tallyFile = '', endFile = '', ...files] = process.argv.slice(2);
const shared = globalThis as unknown as { UVU_DEFER: number; UVU_INDEX: number; UVU_QUEUE: Group[] };

/** The file that is loaded or whose suites run; undefined when all have. */
let current: string | undefined;
let thrown: unknown;
process.on('uncaughtExceptionMonitor', (error: unknown) => {
  thrown = error;
});
process.on('exit', () => {
  if (current === undefined) return;
  const why =
    thrown instanceof Error
      ? (thrown.stack ?? thrown.message)
      : String(thrown ?? 'nothing was left to wait for, or a test ended the process');
  writeFileSync(endFile, `in ${current}: ${why}`);
});

shared.UVU_DEFER = 1;
const uvu = (await import('uvu')) as unknown as { exec(bail: boolean): Promise<void> };

for (const [index, file] of files.entries()) {
  shared.UVU_INDEX = index;
  current = file.replace(`${process.cwd()}/`, '');
  shared.UVU_QUEUE.push([current]);
  await import(pathToFileURL(file).href);
}

const tally = {
  total: 0,
  passed: 0,
  skipped: 0,
  silentFiles: [] as string[],
  leftOut: [] as string[],
  failures: [] as string[],
};
for (const group of shared.UVU_QUEUE) {
  const [file, ...suites] = group;
  if (suites.length === 0) tally.silentFiles.push(file ?? 'a test file');
  const counted = suites.map(
    (suite): QueuedSuite =>
      async () => {
        current = file ?? 'a test file';
        const result = await suite();
        tally.passed += result[1];
        tally.skipped += result[2];
        tally.total += result[3];
        if (typeof result[0] === 'string') tally.failures.push(result[0]);
        return result;
      },
  );
  group.splice(1, suites.length, ...counted);
}

await uvu.exec(false);
// A rejection that nobody handles surfaces only after the current turn.
await new Promise((resolve) => setImmediate(resolve));
tally.leftOut = [...leftOut()];
writeFileSync(tallyFile, JSON.stringify(tally satisfies Tally));
current = undefined;
// A server or timer that a test forgot would keep the process alive; the count is written, so end here.
process.exit(process.exitCode ?? 0);

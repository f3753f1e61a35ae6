import type { Sources } from './imports.ts';

/** Lines that say something; imports and lone brackets are alike everywhere. */
const telling = /[\w'"]{3}/;
const linesInWindow = 6;

/**
 * Finds files of different packages that are nearly the same: more than half of the shorter one's runs of six lines
 * stand in the other too. What both need belongs a layer down.
 */
export function nearDuplicates(sources: Sources): string[] {
  const files = [...sources].map(([file, source]) => ({ file, owner: file.split('/')[1], runs: runsOf(source) }));
  const holders = new Map<string, typeof files>();
  for (const entry of files) {
    for (const run of entry.runs) holders.set(run, [...(holders.get(run) ?? []), entry]);
  }
  const shared = new Map<string, number>();
  for (const entries of holders.values()) {
    for (const [index, left] of entries.entries()) {
      for (const right of entries.slice(index + 1)) {
        if (left.owner === right.owner) continue;
        const key = `${left.file} and ${right.file}`;
        shared.set(key, (shared.get(key) ?? 0) + 1);
      }
    }
  }
  const size = new Map(files.map(({ file, runs }) => [file, runs.size]));
  return [...shared].flatMap(([pair, count]) => {
    const shorter = Math.min(...pair.split(' and ').map((file) => size.get(file) ?? 0));
    return shorter >= 3 && count * 2 > shorter
      ? `${pair} are nearly the same (${count} of ${shorter} runs of lines): move what they share a layer down`
      : [];
  });
}

function runsOf(source: string): Set<string> {
  const lines = source
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|^import[^;]*;$/gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => telling.test(line));
  return new Set(
    lines.slice(linesInWindow - 1).map((_, index) => lines.slice(index, index + linesInWindow).join('\n')),
  );
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Size, sizeOfBuild } from '@x/bench/size';
import { tableRows } from './markdown.ts';
import type { Package } from './workspace.ts';

/** What an entry may weigh, in bytes. */
export interface Budget {
  /** The entry's own code. */
  readonly alone: Size;
  /** With the packages that it imports. */
  readonly withDependencies: Size;
}

/** By specifier, in the order of packages and their exports. */
export type Budgets = Readonly<Record<string, Budget>>;

const accept = 'If that is worth it, type `pnpm build && pnpm --filter @x/checks accept sizes`';

const head = `# Size budgets

What everything that an entry exports may weigh as a bundle, in bytes: the package's own code, and with what it imports.
A twentieth and 150 bytes above what was measured when it was accepted, rounded up.

| entry | alone, minified | alone, gzip | with dependencies, minified | with dependencies, gzip |
| --- | --: | --: | --: | --: |
`;

/** Weighs every entry of every package, as built. */
export async function measureSizes(packages: readonly Package[]): Promise<Budgets> {
  const sizes: Record<string, Budget> = {};
  for (const { specifier, types } of packages.flatMap(({ entries }) => entries)) {
    const from = types.replace(/\.d\.ts$/, '.js');
    if (!existsSync(from)) throw new Error(`${specifier} is not built at ${from}: run \`pnpm build\``);
    const contents = `export * from '${from}';`;
    const script = { contents, folder: dirname(from), platform: 'neutral' as const, external: ['node:*'] };
    const weigh = (dependencies: 'bundled' | 'left-out'): Promise<Size> => sizeOfBuild({ ...script, dependencies });
    const [alone, withDependencies] = await Promise.all([weigh('left-out'), weigh('bundled')]);
    sizes[specifier] = { alone, withDependencies };
  }
  return sizes;
}

/** Finds entries that weigh more than they may, and budgets of nothing. */
export function overweight(sizes: Budgets, budgets: Budgets): string[] {
  const found: string[] = [];
  for (const [specifier, size] of Object.entries(sizes)) {
    const budget = budgets[specifier];
    if (budget === undefined) {
      found.push(`${specifier} has no size budget. ${accept}`);
      continue;
    }
    const over = (['alone', 'withDependencies'] as const).flatMap((what) =>
      (['minified', 'gzip'] as const).flatMap((unit) => {
        const [actual, allowed] = [size[what][unit], budget[what][unit]];
        const name = `${what === 'alone' ? 'alone' : 'with dependencies'}, ${unit}`;
        return actual > allowed ? `${name}: ${actual} bytes, ${actual - allowed} over ${allowed}` : [];
      }),
    );
    if (over.length > 0) found.push(`${specifier} outgrew its budget (${over.join('; ')}). ${accept}`);
  }
  for (const specifier of Object.keys(budgets)) {
    if (sizes[specifier] === undefined) found.push(`${specifier} has a size budget and is no entry. ${accept}`);
  }
  return found;
}

/** Reads the committed table. */
export function readBudgets(file: string): Budgets {
  const budgets: Record<string, Budget> = {};
  for (const { cells } of tableRows(existsSync(file) ? readFileSync(file, 'utf8') : '')) {
    const [specifier = '', ...bytes] = cells.map((cell) => cell.replaceAll(/[`,]/g, ''));
    const [minified = 0, gzip = 0, minifiedWith = 0, gzipWith = 0] = bytes.map(Number);
    budgets[specifier] = { alone: { minified, gzip }, withDependencies: { minified: minifiedWith, gzip: gzipWith } };
  }
  return budgets;
}

/** Writes the table, so that each entry may grow by a twentieth, and small ones a little more, before anybody is asked. */
export function acceptSizes(file: string, sizes: Budgets): void {
  const rows = Object.entries(sizes).map(([specifier, { alone, withDependencies }]) => {
    const bytes = [alone.minified, alone.gzip, withDependencies.minified, withDependencies.gzip].map(withRoom);
    return `| \`${specifier}\` | ${bytes.map((number) => number.toLocaleString('en-US')).join(' | ')} |`;
  });
  writeFileSync(file, `${head}${rows.join('\n')}\n`);
}

function withRoom(bytes: number): number {
  return Math.ceil((bytes * 1.05 + 150) / 100) * 100;
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lists the `*.test.ts` files under `test/`, in order.
 *
 * @param patterns Keep files whose path contains one of these; all when empty.
 */
export function findTestFiles(directory: string, patterns: readonly string[] = []): string[] {
  const root = join(directory, 'test');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern)))
    .sort()
    .map((path) => join(root, path));
}

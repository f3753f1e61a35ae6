// Puts each package's examples/quick-start.ts where its README and the root's show it: `node tooling/checks/src/x-readme.ts`.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { insertQuickStart } from './markdown.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name);
  const file = join(folder, 'examples', 'quick-start.ts');
  if (!existsSync(file)) continue;
  const example = readFileSync(file, 'utf8');
  update(join(folder, 'README.md'), 'Quick start', example);
  update(join(root, 'README.md'), `@x/${name}`, example);
}

function update(file: string, heading: string, example: string): void {
  if (!existsSync(file)) return;
  const before = readFileSync(file, 'utf8');
  const after = insertQuickStart(before, heading, example);
  if (after !== before) writeFileSync(file, after);
}

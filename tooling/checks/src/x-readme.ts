// Puts each package's examples where its pages, and its quick start where the root's README, show them:
// `node tooling/checks/src/x-readme.ts`.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { insertExample, insertQuickStart } from './markdown.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name);
  if (!existsSync(join(folder, 'examples'))) continue;
  for (const file of readdirSync(join(folder, 'examples'))) {
    const example = readFileSync(join(folder, 'examples', file), 'utf8');
    if (file !== 'quick-start.ts') {
      for (const name of readdirSync(folder).filter((name) => name.endsWith('.md'))) {
        update(join(folder, name), (page) => insertExample(page, `examples/${file}`, example));
      }
      continue;
    }
    update(join(folder, 'README.md'), (page) => insertQuickStart(page, 'Quick start', example));
    update(join(root, 'README.md'), (page) => insertQuickStart(page, `@x/${name}`, example));
  }
}

function update(file: string, change: (page: string) => string): void {
  if (!existsSync(file)) return;
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after !== before) writeFileSync(file, after);
}

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fencedBlocks, headings } from '../src/markdown.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const packages = readdirSync(join(root, 'packages'));
const providers = packages.filter((name) => name !== 'crypto' && name !== 'http');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const readme = suite('readme');

const expectedHeadings = [
  'Install',
  'Quick start',
  'What is supported',
  'Options',
  'Errors and reasons',
  'Webhooks',
  'Testing with the emulator',
  'Runtimes',
  'Security notes',
  'Licence',
];

for (const name of packages) {
  readme(`of ${name} shows the quick start that is executed`, () => {
    const example = read('packages', name, 'examples', 'quick-start.ts');
    const blocks = fencedBlocks(read('packages', name, 'README.md'), 'ts');
    assert.ok(
      blocks.includes(example),
      `no \`\`\`ts block of packages/${name}/README.md equals examples/quick-start.ts`,
    );
  });

  readme(`of ${name} has the headings of every package, in order`, () => {
    assert.equal(headings(read('packages', name, 'README.md')), expectedHeadings);
  });

  readme(`of ${name} gives a reason for every runtime dependency`, () => {
    const { dependencies = {}, inlines = [] } = JSON.parse(read('packages', name, 'package.json')) as {
      dependencies?: Record<string, string>;
      inlines?: string[];
    };
    const text = read('packages', name, 'README.md');
    for (const dependency of [...Object.keys(dependencies), ...inlines]) {
      assert.ok(text.includes(`\`${dependency}\``), `packages/${name}/README.md says nothing of ${dependency}`);
    }
  });

  const examples = readdirSync(join(root, 'packages', name, 'examples'));

  readme(`of ${name} shows no code but its examples`, () => {
    const texts = examples.map((file) => read('packages', name, 'examples', file));
    // the migration guide shows two sides of each call; tooling/official-sdk runs those
    const pages = readdirSync(join(root, 'packages', name)).filter(
      (file) => file.endsWith('.md') && !['CHANGELOG.md', 'MIGRATION.md'].includes(file),
    );
    for (const page of pages) {
      for (const block of fencedBlocks(read('packages', name, page), 'ts')) {
        assert.ok(texts.includes(block), `a \`\`\`ts block of packages/${name}/${page} is no file of examples/`);
      }
    }
  });

  for (const file of examples) {
    readme(`examples/${file} of ${name} runs against the built package`, () => {
      const folder = join(root, 'packages', name);
      const run = spawnSync(process.execPath, [`examples/${file}`], { cwd: folder, encoding: 'utf8' });
      assert.is(run.status, 0, run.stderr);
      assert.ok(run.stdout.trim().length > 0, 'the example printed nothing');
    });
  }
}

for (const name of providers) {
  readme(`of the repository shows the quick start of ${name}`, () => {
    const example = read('packages', name, 'examples', 'quick-start.ts');
    assert.ok(fencedBlocks(read('README.md'), 'ts').includes(example), `README.md does not show ${name}'s quick start`);
  });
}

readme.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { acceptSizes, type Budget, type Budgets, measureSizes, overweight, readBudgets } from '../src/sizes.ts';
import { readPackages } from '../src/workspace.ts';
import { add, manifest, plant } from './planted.ts';

const sizes = suite('sizes');

const root = plant({
  'packages/a/package.json': manifest('a'),
  'packages/a/dist/index.js': `import { text } from 'inner';\nexport const a = () => [${'1,'.repeat(500)} text];\n`,
  'packages/a/node_modules/inner/package.json': { name: 'inner', type: 'module', exports: './index.js' },
  'packages/a/node_modules/inner/index.js': `export const text = '${'inner '.repeat(1000)}';\n`,
});
const packages = readPackages(root);
const table = `${root}/sizes.md`;

function only(budgets: Budgets): Budget {
  const budget = budgets['@x/a'];
  if (budget === undefined) throw new Error('@x/a was not measured');
  return budget;
}

sizes('within the accepted table pass', async () => {
  const measured = await measureSizes(packages);
  assert.match(
    overweight(measured, readBudgets(table)).join(),
    /^@x\/a has no size budget\. .*`pnpm build && pnpm --filter @x\/checks accept sizes`/,
  );
  acceptSizes(table, measured);
  assert.equal(overweight(measured, readBudgets(table)), []);
});

sizes('alone leave dependencies out, and count them otherwise', async () => {
  const { alone, withDependencies } = only(await measureSizes(packages));
  assert.ok(alone.minified < 2500 && withDependencies.minified > alone.minified + 5500);
  assert.ok(alone.gzip < alone.minified);
});

sizes('that grew say by how much, in each of the four figures', async () => {
  const before = only(await measureSizes(packages));
  const noise = Array.from({ length: 400 }, (_, index) => Math.imul(index + 1, 2654435761) >>> 0);
  add(root, {
    'packages/a/dist/index.js': `import { text } from 'inner';\nexport const a = [${noise.join()}, text];\n`,
  });
  const measured = await measureSizes(packages);
  const found = overweight(measured, readBudgets(table));
  assert.is(found.length, 1);
  assert.is(found[0]?.split(';').length, 4);
  const { alone } = only(readBudgets(table));
  const actual = only(measured).alone.minified;
  assert.ok(alone.minified >= before.alone.minified && alone.minified <= before.alone.minified * 1.05 + 250);
  const excess = actual - alone.minified;
  assert.ok(
    found[0]?.startsWith(
      `@x/a outgrew its budget (alone, minified: ${actual} bytes, ${excess} over ${alone.minified};`,
    ),
  );
});

sizes('of an entry that is gone are told of', () => {
  assert.match(overweight({}, readBudgets(table)).join(), /@x\/a has a size budget and is no entry/);
});

sizes.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDeclarations } from '../src/declarations.ts';
import { missingDocs } from '../src/docs.ts';
import { readPackages } from '../src/workspace.ts';
import { manifest, plant } from './planted.ts';

const docs = suite('docs');

function missing(index: string, other = 'export {};'): string[] {
  const packages = readPackages(
    plant({
      'packages/a/package.json': manifest('a'),
      'packages/a/dist/index.d.ts': index,
      'packages/a/dist/chunk-1.d.ts': other,
    }),
  );
  return missingDocs(packages, loadDeclarations(packages));
}

const planted: readonly [what: string, source: string, expected: readonly string[]][] = [
  ['a function', 'export declare function run(): void;', ['@x/a: run has no docstring']],
  ['a constant', 'export declare const limit: number;', ['@x/a: limit has no docstring']],
  ['a type', 'export interface Order { id: string }', ['@x/a: Order has no docstring']],
  ['an empty comment', '/** */\nexport interface Order { id: string }', ['@x/a: Order has no docstring']],
  [
    'a field of options',
    '/** For run. */\nexport interface RunOptions {\n/** Once. */\na: 1; b?: 2 }',
    ['@x/a: RunOptions.b has no docstring'],
  ],
  [
    'a field in one branch of options',
    '/** For run. */\nexport type RunOptions = {\n/** Once. */\na: 1 } & ({ b: 2; c?: undefined } | { b?: never });',
    ['@x/a: RunOptions.b has no docstring'],
  ],
  [
    'a method of a class',
    '/** Text. */\nexport declare class Secret { #text; private shown(): void; reveal(): string; toJSON(): string }',
    ['@x/a: Secret.reveal has no docstring'],
  ],
];

for (const [what, source, expected] of planted) {
  docs(`miss that of ${what}`, () => assert.equal(missing(source), expected));
}

docs('are found behind a re-export from another file', () => {
  const other =
    'declare function run(): void;\n/** Walks. */\ndeclare function walk(): void;\nexport { run as r, walk as w };';
  assert.equal(missing("export { r as run, w as walk } from './chunk-1.js';", other), ['@x/a: run has no docstring']);
});

docs('are not asked of what another package explains', () => {
  assert.equal(missing("import { KyInstance } from 'ky';\nexport { KyInstance };"), []);
});

docs('of a package that is not built are asked for by the command to type', () => {
  const packages = readPackages(plant({ 'packages/a/package.json': manifest('a') }));
  assert.throws(() => loadDeclarations(packages), /@x\/a has no declarations .* run `pnpm build`/);
});

docs.run();

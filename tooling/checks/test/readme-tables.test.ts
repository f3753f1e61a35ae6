import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDeclarations } from '../src/declarations.ts';
import { readDefaults } from '../src/defaults.ts';
import { readmeViolations } from '../src/readme-tables.ts';
import { readPackages } from '../src/workspace.ts';
import { manifest, plant } from './planted.ts';

const tables = suite('readme tables');

const page = `# @x/a

Import \`createA\`, \`createOrder(…)\`, \`orderOf\`, \`decode…\`, or \`./schema\` alone.

## Options

| name | type | unit | default |
| --- | --- | --- | --- |
| \`key\` | text | | required |
| \`timeoutMs\` · \`mode\` | number · \`'fast' \\| 'slow'\` | ms | 10,000 · \`'fast'\` |
| \`clock\` (\`open\`) | function | | the platform's |

## Errors and reasons

| code | when |
| --- | --- |
| \`a.refused\` · \`too-late\` | refused · late |
`;

const declarations = `interface CreateAOptions { key: string; timeoutMs?: number; mode?: 'fast' | 'slow'; clock?: () => number }
type AErrorCode = 'a.refused';
type AReason = 'too-late';
interface CallOptions { signal?: AbortSignal }
declare function createA(options: CreateAOptions): { call(options: CallOptions): AReason };
declare function createOrder(options: CallOptions): Promise<void>;
declare function decodeHex(text: string): void;
export { createA, createOrder, decodeHex };
export type { AErrorCode, AReason, CallOptions, CreateAOptions };
`;

const source = `const { timeoutMs = 10_000, clock = systemClock } = options;\nconst mode = options.mode ?? defaultMode;\nconst defaultMode = 'fast';\n`;

function found(readme: string, types = declarations, code = source): string[] {
  const packages = readPackages(
    plant({
      'packages/a/package.json': manifest('a', {}, ['.', './schema']),
      'packages/a/dist/index.d.ts': types,
      'packages/a/dist/schema.d.ts':
        'export declare const Order: string; export declare function orderOf(): void; export interface Line {}',
      'packages/a/src/index.ts': code,
      'packages/a/README.md': readme,
    }),
  );
  return readmeViolations(packages, loadDeclarations(packages));
}

tables('that say what the code says are right', () => assert.equal(found(page), []));

const planted: readonly [what: string, from: string, to: string, expected: RegExp][] = [
  ['a subpath that is not told of', ', or `./schema` alone', '', /says nothing of the subpath @x\/a\/schema/],
  ['a subpath that is not exported', '`./schema` alone', '`./schema` or `./old`', /tells of the subpath \.\/old/],
  ['a function that is not named', '`createA`, ', '', /does not name `createA` of @x\/a$/],
  ['a name of a schema’s function', '`orderOf`, ', '', /does not name `orderOf` of @x\/a\/schema$/],
  ['a group that is not told of', '`decode…`, ', '', /does not name `decodeHex` of @x\/a$/],
  ['an option that is not listed', '| `clock` (`open`) |', '| |', /does not list the option `clock`/],
  ['an option that does not exist', '`clock` (`open`)', '`clock` · `pause`', /lists `pause`, which is no option/],
  ['another default', '10,000', '20,000', /gives `timeoutMs` the default “20,000”, the code 10000/],
  ['another default of a named constant', "`'fast'` |", "`'slow'` |", /gives `mode` the default .*, the code fast/],
  [
    'a required option that is said to be optional',
    '| required |',
    '| none |',
    /says “none” of `key`, which is required/,
  ],
  [
    'an optional one that is said to be required',
    "the platform's",
    'required',
    /says “required” of `clock`, which is opt/,
  ],
  ['a choice that is left out', "'fast' \\| 'slow'", "'fast'", /leaves out that `mode` may be 'slow'/],
  ['a code that is not listed', '`a.refused` · ', '', /does not list `a\.refused`/],
  ['a reason that is not listed', ' · `too-late`', '', /does not list `too-late`/],
  [
    'a code that no type has',
    '`a.refused`',
    '`a.refused` `a.gone`',
    /lists `a\.gone`, which no type of the package has/,
  ],
];

for (const [what, from, to, expected] of planted) {
  tables(`do not hide ${what}`, () => {
    const violations = found(page.replace(from, to));
    assert.is(violations.length, 1, violations.join('\n'));
    assert.match(violations[0] ?? '', expected);
  });
}

tables('are compared with a code that is new in the types', () => {
  assert.match(
    found(page, declarations.replace("'too-late'", "'too-late' | 'too-early'")).join(),
    /does not list `too-early`/,
  );
});

tables('are compared with a default that changed in the source', () => {
  assert.match(found(page, declarations, source.replace('10_000', '60 * 1000')).join(), /the code 60000/);
});

tables('leave to http what http explains', () => {
  const readme = '# @x/http\n\n## Errors and reasons\n\n| code | when |\n| --- | --- |\n| `http.network` | none |\n';
  const packages = readPackages(
    plant({
      'packages/http/package.json': manifest('http'),
      'packages/http/dist/index.d.ts': "export type HttpCode = 'http.network';",
      'packages/http/src/index.ts': 'const { timeoutMs = 10_000 } = options;',
      'packages/http/README.md': readme,
      'packages/a/package.json': manifest('a', {}, ['.', './schema']),
      'packages/a/dist/index.d.ts': declarations.replace("'a.refused'", "'a.refused' | 'http.network'"),
      'packages/a/dist/schema.d.ts': 'export {};',
      'packages/a/src/index.ts': source.replace('timeoutMs = 10_000, ', ''),
      'packages/a/README.md': page.replace('10,000', '20,000'),
    }),
  );
  const expected = 'packages/a/README.md gives `timeoutMs` the default “20,000”, the code 10000';
  assert.equal(readmeViolations(packages, loadDeclarations(packages)), [expected]);
});

tables('know defaults in every place where sources write them', () => {
  const root = plant({
    'src/index.ts': `const day = 24 * 3600;\nexport function run({ a = 1, b: c = 'x' }) { return given.d ?? day; }\nconst S = v.object({ e: v.optional(v.boolean(), false), f: v.number() });\n`,
    'src/emulator/index.ts': 'export function run({ a = 2 }) {}',
  });
  const read = [...readDefaults(`${root}/src`)].map(([name, values]) => `${name} ${[...values].join()}`);
  assert.equal(read.sort(), ['a 1', 'b x', 'd 86400', 'e false']);
});

tables.run();

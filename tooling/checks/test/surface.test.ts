import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDeclarations } from '../src/declarations.ts';
import { acceptSurfaces, changedSurfaces, unannouncedBreaks } from '../src/surface/check.ts';
import { breakingChanges } from '../src/surface/compare.ts';
import { readPackages } from '../src/workspace.ts';
import { add, commit, manifest, plant, runGit } from './planted.ts';

const before = `/** Told. */
interface RunEvent { readonly type: 'begun' }
/** How. */
interface RunOptions { readonly times: number; readonly mode?: 'fast' | 'slow' | undefined; readonly onEvent?: (event: RunEvent) => void }
/** What became of it. */
type RunResult = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly reason: RunReason };
/** Why not. */
type RunReason = 'too-late' | 'too-early';
/** Runs. */
declare function run({ times, mode }: RunOptions): Promise<RunResult>;
/** Something that runs. */
declare class Runner { #speed; constructor(speed: number); get speed(): number; stop(): void }
export { run, Runner };
export type { RunOptions, RunReason, RunResult };
`;

function plantPackage(version = '0.0.0'): string {
  return plant({
    'packages/a/package.json': manifest('a', { version }),
    'packages/a/dist/index.d.ts': before,
  });
}

function changed(root: string): string[] {
  const packages = readPackages(root);
  return changedSurfaces(packages, loadDeclarations(packages));
}

function accept(root: string): void {
  const packages = readPackages(root);
  acceptSurfaces(packages, loadDeclarations(packages));
}

const report = suite('surface · report');

report('of a package is asked for with the command to type', () => {
  const root = plantPackage();
  assert.match(
    changed(root).join(),
    /@x\/a has no surface report: .*`pnpm build && pnpm --filter @x\/checks accept surface`/,
  );
  accept(root);
  assert.equal(changed(root), []);
});

report('shows sorted names and members, unexported types and no comments', () => {
  const root = plantPackage();
  accept(root);
  const text = readFileSync(join(root, 'packages/a/api/index.api.md'), 'utf8');
  assert.ok(text.includes('\ninterface RunEvent {\n'), text);
  assert.ok(text.includes('\nexport function run(options: RunOptions): Promise<RunResult>;\n'), text);
  assert.ok(text.indexOf('readonly mode?') < text.indexOf('readonly times'), text);
  assert.not.match(text, /Told|#speed/);
});

report('of a surface that changed fails and shows the lines', () => {
  const root = plantPackage();
  accept(root);
  add(root, { 'packages/a/dist/index.d.ts': before.replace('stop(): void', 'stop(): boolean') });
  assert.match(
    changed(root).join(),
    /something else than its report: [\s\S]*- {3}stop\(\): void;\n.*\+ {3}stop\(\): boolean;/,
  );
});

report('does not change with comments, order and the way parameters are taken apart', () => {
  const root = plantPackage();
  accept(root);
  const parts = before
    .replace('{ times, mode }', '{ mode, times, }')
    .replaceAll(/Told|How/g, 'Other words')
    .split(/^(?=\/|export)/m);
  add(root, { 'packages/a/dist/index.d.ts': parts.reverse().join('') });
  assert.equal(changed(root), []);
});

report('names what comes from other packages', () => {
  const root = plantPackage();
  const source =
    "import * as v from 'valibot';\nimport { Ky } from 'ky';\nexport declare const a: v.Schema<Ky>;\nexport { b } from 'c';\n";
  add(root, { 'packages/a/dist/index.d.ts': source });
  accept(root);
  const text = readFileSync(join(root, 'packages/a/api/index.api.md'), 'utf8');
  for (const line of ["import * as v from 'valibot';", "import { Ky } from 'ky';", "export { b } from 'c';"]) {
    assert.ok(text.includes(line), text);
  }
});

report('of an entry that is gone is in the way', () => {
  const root = plantPackage();
  accept(root);
  add(root, { 'packages/a/api/old.api.md': '# @x/a/old\n' });
  assert.match(changed(root).join(), /packages\/a\/api\/old\.api\.md is of no entry/);
});

report.run();

const breaking = suite('surface · breaking changes');

function breaks(from: string, to: string, source = before): string[] {
  const texts = [source, source.replace(from, to)].map((text) => {
    const root = plantPackage();
    add(root, { 'packages/a/dist/index.d.ts': text });
    accept(root);
    return readFileSync(join(root, 'packages/a/api/index.api.md'), 'utf8');
  });
  if (source === source.replace(from, to)) throw new Error(`${from} is not in the source`);
  return breakingChanges(texts[0] ?? '', texts[1] ?? '');
}

const lost: readonly [what: string, from: string, to: string, expected: RegExp][] = [
  ['a name that is gone', 'export { run, Runner }', 'export { Runner }', /run is gone/],
  ['a type that is exported no longer', 'RunReason, RunResult }', 'RunResult }', /RunReason is gone/],
  ['another result', 'Promise<RunResult>', 'RunResult', /run is another/],
  ['a member that is gone', ' get speed(): number;', '', /Runner\.speed is gone/],
  ['another type of a member', 'stop(): void', 'stop(): boolean', /Runner\.stop is another/],
  ['another constructor', 'constructor(speed: number)', 'constructor()', /Runner\.Constructor is another/],
  [
    'a required option more',
    'readonly times: number;',
    'readonly times: number; readonly a: 1;',
    /RunOptions\.a is new and required/,
  ],
  ['an option that is required now', 'readonly mode?:', 'readonly mode:', /RunOptions\.mode is another/],
  ['a choice that is gone', "'fast' | 'slow'", "'fast'", /RunOptions\.mode is no longer 'slow'/],
  ['a code that is gone', "'too-late' | 'too-early'", "'too-late'", /RunReason is no longer|RunReason is another/],
  [
    'a result that may be absent',
    'readonly value: string',
    'readonly value: string | undefined',
    /RunResult is no longer/,
  ],
  [
    'a constant that varies',
    "readonly type: 'begun'",
    "readonly type: 'begun' | 'ended'",
    /RunEvent\.type may also be 'ended'/,
  ],
  [
    'an event that callbacks no longer get',
    "readonly type: 'begun'",
    "readonly kind: 'begun'",
    /RunEvent\.type is gone/,
  ],
];

for (const [what, from, to, expected] of lost) {
  breaking(`are ${what}`, () => assert.match(breaks(from, to).join('\n'), expected));
}

const harmless: readonly [what: string, from: string, to: string][] = [
  ['a new name', 'export { run', 'declare const more: 1;\nexport { more, run'],
  ['a new optional option', 'readonly times: number;', 'readonly times: number; readonly a?: 1 | undefined;'],
  ['a new choice', "'fast' | 'slow'", "'fast' | 'slow' | 'still'"],
  ['a new reason', "| 'too-early'", "| 'too-early' | 'too-often'"],
  ['a new field of a result', 'readonly value: string', 'readonly value: string; readonly id: string'],
  ['a new field of an event', "readonly type: 'begun'", "readonly type: 'begun'; readonly atMs: number"],
  ['a new method', 'stop(): void', 'stop(): void; start(): void'],
];

for (const [what, from, to] of harmless) {
  breaking(`are not ${what}`, () => assert.equal(breaks(from, to), []));
}

breaking('are names that come from another package, and not from another subpath', () => {
  const source = "import { Secret } from '@x/crypto';\nexport declare function hide(text: string): Secret;\n";
  assert.equal(breaks("'@x/crypto'", "'@x/crypto/light'", source), []);
  assert.equal(breaks("'a/x'", "'a/y'", "export { b } from 'a/x';\n"), []);
  assert.match(breaks("'a'", "'c'", "export { b } from 'a';\n").join(), /export b comes from c and not from a/);
  assert.match(breaks('{ b }', '{ d as b }', "export { b } from 'a';\n").join(), /export b comes from a as d and/);
  assert.match(breaks("'@x/crypto'", "'@x/http'", source).join(), /Secret comes from @x\/http and not from @x\/crypto/);
});

breaking.run();

const released = suite('surface · release');

/** A package that was released, and then lost a method. */
function plantBreak(version: string, changeset?: string): string {
  const root = plantPackage(version);
  accept(root);
  runGit(root, 'init', '-q');
  commit(root, 'release');
  runGit(root, 'tag', `@x/a@${version}`);
  add(root, { 'packages/a/dist/index.d.ts': before.replace('; stop(): void', '') });
  accept(root);
  if (changeset !== undefined) add(root, { '.changeset/a.md': `---\n"@x/a": ${changeset}\n---\n\nStops no more.\n` });
  return root;
}

const rules: readonly [version: string, changeset: string | undefined, needed: string | undefined][] = [
  ['0.3.0', undefined, 'minor'],
  ['0.3.0', 'patch', 'minor'],
  ['0.3.0', 'minor', undefined],
  ['1.3.0', 'minor', 'major'],
  ['1.3.0', 'major', undefined],
];

for (const [version, changeset = 'nothing', needed] of rules) {
  released(
    `after ${version} a break with ${changeset} ${needed === undefined ? 'passes' : `asks for a ${needed}`}`,
    () => {
      const root = plantBreak(version, changeset === 'nothing' ? undefined : changeset);
      const found = unannouncedBreaks(root, readPackages(root)).join('\n');
      if (needed === undefined) assert.is(found, '');
      else
        assert.match(
          found,
          new RegExp(
            `@x/a breaks what ${version} promised.* a ${needed} .*\`pnpm changeset\`[\\s\\S]*index: Runner\\.stop is gone`,
          ),
        );
    },
  );
}

released('a version that is already large enough passes, as in the commit of a release', () => {
  const root = plantBreak('0.3.0');
  add(root, { 'packages/a/package.json': manifest('a', { version: '0.4.0' }) });
  assert.equal(unannouncedBreaks(root, readPackages(root)), []);
});

released('a subpath that is gone breaks', () => {
  const root = plantBreak('0.3.0', 'patch');
  add(root, {
    'packages/a/package.json': manifest('a', { version: '0.3.0' }, ['./b']),
    'packages/a/dist/b.d.ts': before,
  });
  accept(root);
  assert.match(unannouncedBreaks(root, readPackages(root)).join(), /index: the subpath is gone/);
});

released('without tags is the commit that set the version', () => {
  const root = plantBreak('0.3.0');
  runGit(root, 'tag', '-d', '@x/a@0.3.0');
  assert.match(unannouncedBreaks(root, readPackages(root)).join(), /@x\/a breaks what 0\.3\.0 promised/);
});

released('before the first release there is nothing to break', () => {
  const root = plantPackage();
  accept(root);
  runGit(root, 'init', '-q');
  commit(root, 'first');
  assert.equal(unannouncedBreaks(root, readPackages(root)), []);
});

released.run();

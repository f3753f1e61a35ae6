import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readExceptions, roomViolations } from '../src/rooms.ts';
import { readPackages } from '../src/workspace.ts';
import { manifest, plant } from './planted.ts';

const rooms = suite('rooms');

const all = ['index', 'options', 'client', 'schema', 'handler', 'webhook', 'fault'];
const subpaths = ['.', './schema', './handler', './webhook', './emulator'];
const whole: Readonly<Record<string, string | object>> = {
  'packages/acme/package.json': manifest('acme', {}, subpaths),
  ...Object.fromEntries(all.map((name) => [`packages/acme/src/${name}.ts`, 'export const a = 1;'])),
  'packages/acme/src/emulator/index.ts': 'export const createEmulator = 1;',
};
const excuses = (rows: string): string => `| provider | what | kind | why |\n| --- | --- | --- | --- |\n${rows}`;

function found(files: Readonly<Record<string, string | object | undefined>>, rows = ''): string[] {
  const kept = Object.entries({ ...whole, ...files, 'rooms.md': excuses(rows) });
  const root = plant(Object.fromEntries(kept.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]))));
  return roomViolations(readPackages(root), readExceptions(`${root}/rooms.md`));
}

rooms('of a provider that has them all are right', () => assert.equal(found({}), []));

const planted: readonly [
  what: string,
  files: Readonly<Record<string, string | object | undefined>>,
  expected: RegExp,
][] = [
  ['a room that is missing', { 'packages/acme/src/fault.ts': undefined }, /acme has no src\/fault\.ts/],
  ['a room that is empty', { 'packages/acme/src/fault.ts': '/** Nothing. */\n// none' }, /fault\.ts is empty/],
  [
    'a subpath that is missing',
    { 'packages/acme/package.json': manifest('acme', {}, subpaths.slice(0, -1)) },
    /acme does not export \.\/emulator/,
  ],
  [
    'a subpath of its own',
    { 'packages/acme/package.json': manifest('acme', {}, [...subpaths, './scope']) },
    /acme exports \.\/scope, which no other provider does/,
  ],
  ['another word for a room', { 'packages/acme/src/webhooks.ts': 'export {};' }, /belongs into src\/webhook\.ts/],
  ['a name that says nothing', { 'packages/acme/src/emulator/utils.ts': 'export {};' }, /utils\.ts says nothing/],
  [
    'an emulator by another name',
    { 'packages/acme/src/emulator/index.ts': 'export const fake = 1;' },
    /createEmulator/,
  ],
  ['a command line without a bin', { 'packages/acme/src/cli.ts': 'export const a = 1;' }, /src\/cli\.ts or a bin/],
];

for (const [what, files, expected] of planted) {
  rooms(`catch ${what}`, () => {
    const violations = found(files);
    assert.is(violations.length, 1, violations.join('\n'));
    assert.match(violations[0] ?? '', expected);
  });
}

rooms('may be absent for a reason, and only while they are', () => {
  const row = '| acme | `src/fault.ts` | absent | no error body is known |';
  assert.equal(found({ 'packages/acme/src/fault.ts': undefined }, row), []);
  assert.match(found({}, row).join(), /excuses “acme src\/fault\.ts”, which needs no excuse/);
  assert.match(
    found({ 'packages/acme/src/fault.ts': undefined }, row.replace('no error body is known', '')).join(),
    /acme has no/,
  );
});

rooms.run();

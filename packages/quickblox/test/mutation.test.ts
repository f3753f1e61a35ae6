import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const mutation = suite('quickblox · mutation testing');

const root = new URL('..', import.meta.url);
const filesOf = (folder: string): string[] => readdirSync(new URL(folder, root), { recursive: true }) as string[];
const config = readFileSync(new URL('mutation.config.mjs', root), 'utf8');
const rows = [...config.matchAll(/^ {2}'?([\w/-]+)'?: '([^']+)',$/gm)].map(([, file = '', tests = '']) => ({
  file,
  tests,
}));

mutation('knows of every file with logic that is neither emulator, command line nor schema', () => {
  const without =
    /^(?:emulator|cli|schemas)\b|(?:^|\/)(?:index|schema|events|user-agent|answers)$|^resources\/session$/;
  const files = filesOf('src')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3));
  assert.equal(
    rows.map(({ file }) => file),
    files.filter((file) => !without.test(file)).sort(),
  );
});

mutation('knows of tests for each that are there', () => {
  const tests = filesOf('test')
    .map((file) => `test/${file}`)
    .filter((file) => file.endsWith('.test.ts'));
  for (const { file, tests: names } of rows) {
    for (const name of names.split(' '))
      assert.ok(
        tests.some((test) => test.includes(name)),
        `${file}: ${name}`,
      );
  }
});

mutation.run();

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as resources from '@x/quickblox/resources';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const folder = fileURLToPath(new URL('./migration', import.meta.url));
const guide = readFileSync(new URL('../../../packages/quickblox/MIGRATION.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
const files = readdirSync(folder).sort();

/** Runs a script against an emulator of its own. */
function run(script: readonly string[]) {
  const preload = new URL('../src/entries/on-emulator.ts', import.meta.url).href;
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', preload, ...script], {
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...process.env,
      QUICKBLOX_AUTH_KEY: 'ak_example',
      QUICKBLOX_AUTH_SECRET: 'as_example',
      QUICKBLOX_API_KEY: 'example-key',
      ANNAS_PASSWORD: 'an example',
    },
  });
}

const migration = suite('official SDK · migration guide');

migration('every block is a file that is run, and every file is a block', () => {
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  for (const block of blocks) assert.ok(texts.includes(block), `no file in test/migration is\n${block}`);
  for (const [index, text] of texts.entries()) assert.ok(blocks.includes(text), `${files[index]} is not in the guide`);
});

migration('no block imports what `pnpm add @x/quickblox` does not put within reach', () => {
  const named = blocks.flatMap((block) => [...block.matchAll(/ from '([^']+)';/g)].map(([, name = '']) => name));
  assert.ok(named.length > 10, `only ${named.length} imports were found`);
  assert.equal(
    named.filter((name) => !/^(?:@x\/quickblox(?:\/\w+)?|quickblox|\.\/quickblox\.ts)$/.test(name)),
    [],
  );
});

for (const file of files.filter((name) => name !== 'quickblox.ts')) {
  migration(`${file} runs, and the emulator has nothing against it`, () => {
    const { status, stdout, stderr } = run([join(folder, file)]);
    assert.is(status, 0, stderr);
    assert.ok(stdout.trim().length > 0, 'it printed nothing');
  });
}

migration('a script that the emulator objects to fails', () => {
  const wrong = `await fetch('https://api.quickblox.com/session.json', { headers: { 'qb-token': 'unknown' } })`;
  const { status, stderr } = run(['--input-type=module', '--eval', wrong]);
  assert.is(status, 1);
  assert.match(stderr, /session alive/);
  assert.is(run(['--eval', '1']).status, 1, 'a script that sends nothing');
});

const rows = guide.split('\n').filter((line) => /^\| `/.test(line));

migration('what it names here is exported', () => {
  const named = rows.flatMap((row) => [...(row.split('|')[2] ?? '').matchAll(/`([a-z]\w+)(?:\(client\b|`)/g)]);
  const missing = named.map(([, name = '']) => name).filter((name) => !(name in resources) && !others.has(name));
  assert.ok(named.length > 40, `only ${named.length} names were found`);
  assert.equal(missing, []);
});

/** Names that are no function of resources: options and the like. */
const others = new Set(['createQuickBlox', 'accountKey', 'baseUrl', 'hash', 'timeoutMs', 'onEvent']);

migration('what it names there exists', () => {
  const named = [...guide.matchAll(/`QB\.([\w.]+)/g)].map(([, path = '']) => path);
  const code = `
    const QB = require('quickblox');
    QB.init(1, 'ak', 'as', {});
    fetch('https://api.quickblox.com/');
    const missing = process.argv.slice(1).filter((path) => path.split('.').reduce((value, step) => value?.[step], QB) === undefined);
    console.log('missing: ' + missing);`;
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', new URL('../src/entries/on-emulator.ts', import.meta.url).href, '--eval', code, ...new Set(named)],
    { encoding: 'utf8', cwd: folder },
  );
  assert.ok(named.length > 40, `only ${named.length} names were found`);
  assert.match(stdout, /^missing: $/m);
});

migration.run();

import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const entries = suite('nexudus · entries');

/** The packages and files that a source file loads at run time; what is imported as a type is not. */
function loadedBy(file: URL, seen: Map<string, readonly string[]> = new Map()): Map<string, readonly string[]> {
  if (seen.has(file.href)) return seen;
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(/^(?:import|export) (?!type )([^;]*?) from '([^']+)';/gms);
  const loaded = [...statements]
    .filter(([, names = '']) => !/^\{(\s*type [^,}]+,?)+\s*\}$/.test(names))
    .map(([, , from = '']) => from);
  seen.set(file.href, loaded);
  for (const from of loaded) if (from.startsWith('.')) loadedBy(new URL(from, file), seen);
  return seen;
}

function packagesOf(entry: string): readonly string[] {
  const seen = loadedBy(new URL(`../src/${entry}`, import.meta.url));
  return [...new Set([...seen.values()].flat())].filter((from) => !from.startsWith('.')).sort();
}

const expected: Readonly<Record<string, readonly string[]>> = {
  'install/index.ts': ['@x/crypto', '@x/http/server'],
  'webhook.ts': ['@x/crypto'],
  'schema.ts': ['valibot'],
  'handler.ts': ['@x/crypto', '@x/http/events', '@x/http/options', '@x/http/server', '@x/http/store', 'valibot'],
  'emulator/index.ts': ['@x/crypto', '@x/http/emulator'],
  'index.ts': ['@x/crypto', '@x/http', '@x/http/events', '@x/http/options', '@x/http/server', 'valibot'],
};
for (const [entry, packages] of Object.entries(expected)) {
  entries(`${entry} loads ${packages.join(', ')}`, () => {
    assert.equal(packagesOf(entry), packages);
  });
}

entries('the emulator and the rooms beside it do not load each other', () => {
  const emulator = [...loadedBy(new URL('../src/emulator/index.ts', import.meta.url)).keys()];
  const others = ['index', 'handler', 'webhook', 'schema'].flatMap((room) => [
    ...loadedBy(new URL(`../src/${room}.ts`, import.meta.url)).keys(),
  ]);
  assert.ok(emulator.every((file) => file.includes('/src/emulator/')));
  assert.ok(others.every((file) => !file.includes('/src/emulator/')));
});

entries('every subpath of the manifest has its source', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  assert.equal(Object.keys(manifest.exports).sort(), [
    '.',
    './emulator',
    './handler',
    './install',
    './package.json',
    './schema',
    './webhook',
  ]);
});

entries.run();

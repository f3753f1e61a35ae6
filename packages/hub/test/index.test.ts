import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as hub from '../src/index.ts';

const index = suite('index');

index('exports what is documented, and no more', () => {
  assert.equal(Object.keys(hub).sort(), [
    'checkHubUrl',
    'checkRedirectUrl',
    'createHub',
    'createHubTokens',
    'isXError',
    'productionHub',
    'verifyHubToken',
  ]);
});

/** Lists the modules that a fresh process loads for an entry. */
function modulesOf(entry: string): string {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
    await import(${JSON.stringify(new URL(`../src/${entry}`, import.meta.url).href)});
    console.log(seen.join('\\n'));
  `;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
}

index('answers Hub without loading ky', () => {
  const loaded = modulesOf('index.ts');
  assert.match(loaded, /src\/handler\.ts/);
  assert.match(loaded, /http\/dist\/server/);
  assert.not.match(loaded, /node_modules\/ky\//);
  assert.not.match(loaded, /http\/dist\/index\.js/);
  assert.not.match(loaded, /src\/emulator\//);
});

index('checks tokens with nothing but the signing core', () => {
  const loaded = modulesOf('token.ts');
  assert.match(loaded, /crypto\/dist/);
  assert.not.match(loaded, /\/http\/|valibot|\/ky\//);
});

index('emulates Hub without the rooms of the client', () => {
  const loaded = modulesOf('emulator/index.ts');
  assert.match(loaded, /src\/emulator\/emulator\.ts/);
  assert.not.match(loaded, /hub\/src\/(?!emulator\/)/);
});

index.run();

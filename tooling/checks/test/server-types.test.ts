import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serverTypeViolations } from '../src/server-types.ts';
import { readPackages } from '../src/workspace.ts';
import { manifest, plant } from './planted.ts';

const types = suite('server-types');

function violations(declarations: string): string[] {
  const root = plant({ 'packages/a/package.json': manifest('a'), 'packages/a/dist/index.d.ts': declarations });
  return serverTypeViolations(readPackages(root)).map((line) => line.replace(/^.*\/(?=dist)/, ''));
}

types('take what Node and browsers have in common', () => {
  assert.equal(
    violations('export declare function ask(init: ResponseInit, signal: AbortSignal): Promise<Response>;\n'),
    [],
  );
});

types('refuse what only browsers have, and say where', () => {
  assert.equal(violations('export {};\nexport declare const fields: HeadersInit;\n'), [
    "dist/index.d.ts:2: Cannot find name 'HeadersInit'.",
  ]);
});

types.run();

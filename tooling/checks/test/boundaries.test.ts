import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { boundaryViolations, undecidedEntries } from '../src/boundaries.ts';
import { importsOf, readSources } from '../src/imports.ts';
import { readPackages } from '../src/workspace.ts';
import { manifest, plant } from './planted.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sources = readSources(root);
const boundaries = suite('boundaries');

boundaries('hold in every published source', () => {
  assert.ok(sources.size > 50, `only ${sources.size} sources were read`);
  assert.equal(boundaryViolations(sources), []);
});

const planted: readonly [name: string, file: string, source: string, rule: RegExp][] = [
  ['a provider that imports another', 'packages/hubrise/src/x.ts', `import { a } from '@x/nexudus';`, /crypto ← http/],
  ['a core that imports its user', 'packages/crypto/src/x.ts', `import { a } from '@x/http';`, /crypto ← http/],
  ['tooling in published code', 'packages/hub/src/x.ts', `import { a } from '@x/testing';`, /tooling/],
  ['a Node module', 'packages/hub/src/x.ts', `import { a } from 'node:fs';`, /without Node/],
  ['the command line in a library', 'packages/quickblox/src/x.ts', `import { a } from './cli/run.ts';`, /command line/],
  ['a client with its emulator', 'packages/hub/src/x.ts', `import { a } from './emulator/index.ts';`, /its emulator/],
  ['an emulator with its client', 'packages/hub/src/emulator/x.ts', `import { a } from '../token.ts';`, /its client/],
  ['a lazy import', 'packages/hub/src/x.ts', `const a = await import('@x/nexudus');`, /crypto ← http/],
  ['a path into a neighbour', 'packages/hub/src/x.ts', `export { a } from '../../http/src/client.ts';`, /own folder/],
  ['ky in a light entry', 'packages/hubrise/src/scope/index.ts', `import { a } from '@x/http';`, /loads ky/],
  [
    'a digest in a plain entry',
    'packages/quickblox/src/resources/users.ts',
    `import { a } from '@x/crypto';`,
    /loads @noble/,
  ],
];

for (const [name, file, source, rule] of planted) {
  boundaries(`catch ${name}`, () => {
    const violations = boundaryViolations(new Map([...sources, [file, source]]));
    assert.is(violations.length, 1, violations.join('\n'));
    assert.match(violations[0] ?? '', rule);
  });
}

boundaries('are decided for every entry', () => {
  assert.equal(undecidedEntries(readPackages(root)), []);
  const planted = plant({ 'packages/hub/package.json': manifest('hub', {}, ['.', './new']) });
  assert.match(undecidedEntries(readPackages(planted)).join(), /^@x\/hub\/new stands neither under light nor/);
});

boundaries('read imports over several lines and ignore comments', () => {
  const source = `import {\n  a,\n  type B,\n} from 'one';\nimport type { C } from 'two';\n// import 'three'\nimport 'four';\n`;
  assert.equal(
    importsOf(source).map(({ specifier, typeOnly }) => `${specifier} ${typeOnly}`),
    ['one false', 'two true', 'four false'],
  );
});

boundaries.run();

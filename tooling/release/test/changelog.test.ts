import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getDependencyReleaseLine, getReleaseLine } from '../src/changelog.ts';
import { changelogFaults } from '../src/changelog-form.ts';

const lines = suite('changelog · lines');

lines('a changeset is told as its author wrote it, without a commit', () => {
  const changeset = { summary: 'Accept both.\n\nGive them newest first.\n', commit: '543dd36aa' };
  assert.is(getReleaseLine(changeset), '- Accept both.\n\n  Give them newest first.');
});

lines('what is needed of our own packages is one line', () => {
  const [crypto, http] = [
    { name: '@x/crypto', newVersion: '0.1.1' },
    { name: '@x/http', newVersion: '0.2.0' },
  ];
  assert.is(getDependencyReleaseLine([], []), '');
  assert.is(getDependencyReleaseLine([], [crypto]), '- Needs `@x/crypto` 0.1.1 or later.');
  assert.is(getDependencyReleaseLine([], [http, crypto]), '- Needs `@x/crypto` 0.1.1 and `@x/http` 0.2.0 or later.');
});

lines.run();

const form = suite('changelog · form');
const good = `# @x/hub

## 0.1.1

### Patch Changes

- Accept both.

  Give them newest first.

- Needs \`@x/crypto\` 0.1.1 or later.

## 0.1.0

### Minor Changes

- Publish the package.
`;

form('one that reads well has no faults', () => {
  assert.equal(changelogFaults(good, ['0.1.1', '0.1.0']), []);
  assert.equal(changelogFaults(good, ['0.1.1']), []);
});

const plants: readonly [fault: string, from: string | RegExp, to: string, finds: RegExp][] = [
  ['a version is missing', /## 0\.1\.1\n/, '', /it tells of 0\.1\.0, not of 0\.1\.1/],
  ['a commit is named', '- Accept', '- 543dd36: Accept', /has a hash/],
  ['the package is not named', '# @x/hub', '# Changelog', /does not begin with the name/],
  ['a heading is of another kind', 'Patch Changes', 'Fixes', /“### Fixes” is no heading/],
  ['a line belongs to nothing', '  Give them', 'Give them', /belongs to no change/],
  ['a change is no sentence', '- Accept both', '- accept both', /does not begin as a sentence/],
  ['a line breaks off', 'Publish the package.', 'Publish the package —', /ends oddly/],
  ['a version says nothing', '- Publish the package.', '', /0\.1\.0 says nothing/],
];

for (const [fault, from, to, finds] of plants) {
  form(`is faulty when ${fault}`, () => {
    assert.match(changelogFaults(good.replace(from, to), ['0.1.1', '0.1.0']).join('\n'), finds);
  });
}

form.run();

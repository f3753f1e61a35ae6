import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runtimes } from '@x/runtimes/src/runtimes.ts';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { type Workflow, workflowFaults } from '../src/workflow-faults.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(root, '.github/workflows');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly packageManager: string;
  readonly scripts: Readonly<Record<string, string>>;
};
const textOf = (name: string): string => readFileSync(join(folder, `${name}.yml`), 'utf8');
const workflows = suite('workflows');

workflows('there are two', () => {
  assert.equal(readdirSync(folder).sort(), ['ci.yml', 'release.yml']);
});

for (const name of ['ci', 'release']) {
  workflows(`${name}: everything is pinned, allowed as little as it needs, and there to be run`, () => {
    assert.equal(workflowFaults(textOf(name), manifest), []);
  });
}

const plants: readonly [fault: string, from: string | RegExp, to: string, finds: RegExp][] = [
  [
    'an action is named by its tag',
    /checkout@[0-9a-f]{40} # v7.0.1/,
    'checkout@v7',
    /checkout@v7 is not pinned by digest/,
  ],
  ['a digest has no version beside it', / # v7\.0\.1/, '', /is not followed by its version/],
  ['one action has two digests', /checkout@3/, 'checkout@4', /actions\/checkout is pinned to 2 digests/],
  ['permissions are not stated', /^permissions:.*\n(?: .*\n)*/m, '', /the workflow states no permissions/],
  [
    'everything may be written',
    /^permissions:.*\n(?: .*\n)*/m,
    'permissions: write-all\n',
    /permissions are not listed/,
  ],
  ['a job may write more than it needs', 'contents: read', 'packages: write', /may write packages/],
  ['a script is not there', /rehearsal$/m, 'rehearsall', /there is no script rehearsall/],
  ['pnpm is of another version', /pnpm@[\d.]+/, 'pnpm@1.0.0', /pnpm@1\.0\.0 is not the repository's/],
  ['a token is used', 'fetch-depth: 0', `token: \${{ secrets.NPM_TOKEN }}`, /reads a secret: NPM_TOKEN/],
  [
    'an expression is pasted into a script',
    '"$RUNTIME"',
    `"\${{ matrix.runtime }}"`,
    /pastes an expression into a script/,
  ],
  ['a job may run for hours', 'timeout-minutes: 60', 'timeout-minutes: 600', /verify may run for 600 minutes/],
  ['the checkout leaves its credentials', 'persist-credentials: false', 'lfs: false', /leaves its credentials/],
];

for (const [fault, from, to, finds] of plants) {
  workflows(`is refused when ${fault}`, () => {
    const spoilt = textOf('ci').replace(from, to);
    assert.is.not(spoilt, textOf('ci'), 'nothing was planted');
    assert.match(workflowFaults(spoilt, manifest).join('\n'), finds);
  });
}

workflows('an identity is given to the job that publishes, and to no other', () => {
  const { jobs } = parse(textOf('release')) as Workflow;
  const identified = Object.entries(jobs).filter(([, job]) => job.permissions?.['id-token'] === 'write');
  assert.equal(
    identified.map(([name]) => name),
    ['publish'],
  );
  assert.equal(jobs['publish']?.permissions, { contents: 'read', 'id-token': 'write' });
  assert.equal(jobs['publish']?.environment, 'npm');
});

workflows('the runtimes are those that the repository runs on', () => {
  const { jobs } = parse(textOf('ci')) as Workflow;
  const names = runtimes.map(({ name }) => name);
  assert.equal(jobs['runtimes']?.strategy?.matrix['runtime'], names);
  const nodes = names.filter((name) => name.startsWith('Node ')).map((name) => name.slice('Node '.length));
  assert.equal(jobs['node']?.strategy?.matrix['node'], nodes);
  assert.equal(
    nodes.map((version) => version.split('.')[0]),
    ['22', '24', '26'],
  );
});

workflows.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { comparable, installedByReadme, quickStartOf } from '../src/program.ts';

const program = suite('program');
const readme = `# @x/hub

## Install

\`\`\`sh
pnpm add @x/hub @x/crypto
\`\`\`

## Quick start

\`\`\`ts
one();
\`\`\`

\`\`\`ts
two();
\`\`\`
`;

program('the quick start is the first code below its heading', () => {
  assert.is(quickStartOf(readme), 'one();\n');
  assert.throws(() => quickStartOf('# nothing'), /shows no quick start/);
});

program('what is installed is what the README says', () => {
  assert.equal(installedByReadme(readme), ['@x/hub', '@x/crypto']);
  assert.throws(() => installedByReadme('# nothing'), /says nothing of `pnpm add`/);
});

program('two runs are the same but for numbers, dates and tokens', () => {
  assert.is(comparable('user 7, token a1-b2, until 2026-11-21'), comparable('user 12, token 9z, until 2027-01-01'));
  assert.is.not(comparable('user 7 linked'), comparable('user 7 refused'));
});

program.run();

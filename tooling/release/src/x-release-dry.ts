#!/usr/bin/env node
// Prints what a release would publish now, and touches nothing.
import { planRelease } from './release-plan.ts';

const planned = await planRelease(process.cwd());
for (const { name, from, version, distTag, gitTag, needs, entry } of planned) {
  console.log(`\n${name} ${from} → ${version}   published as ${distTag}, tagged ${gitTag}`);
  const ranges = Object.entries(needs).map(([dependency, range]) => `${dependency} ${range}`);
  if (ranges.length > 0) console.log(`  with ${ranges.join(', ')}`);
  if (entry !== '') console.log(`\n${entry.replaceAll(/^(?=.)/gm, '  ')}`);
}
console.log(
  planned.length === 0
    ? 'Nothing would be published: no changeset, and every version has its tag.'
    : `\n${planned.length} of our packages would be published. Nothing was changed, built or sent.`,
);

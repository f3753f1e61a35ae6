#!/usr/bin/env node
// Rehearses a release: publishes the last commit to a registry on loopback and does with it what product teams do.
// With --update it only writes down, in expected.json, what the packages hold and what arrives with them.
import { checkProvider, type PinnedApp } from './check-provider.ts';
import { checkTarballs } from './check-tarballs.ts';
import { checkTypes } from './check-types.ts';
import { uncommittedIn } from './copy.ts';
import { openExpectations } from './expected.ts';
import { inLanes } from './lanes.ts';
import { createLedger } from './ledger.ts';
import { checkPlantedFaults } from './planted-faults.ts';
import { publishRound, type Versions } from './publish.ts';
import { checkSecondRound } from './second-round.ts';
import { setStage } from './stage.ts';
import { updateLists } from './update-lists.ts';

const root = process.cwd();
const ledger = createLedger();

const { length: uncommitted } = await uncommittedIn(root);
if (uncommitted > 0) console.log(`Rehearses the last commit; ${uncommitted} files with later changes stay out of it.`);

const stage = await setStage(root, ledger);
const interrupted = (): void => void stage.strike().finally(() => process.exit(130));
process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
try {
  console.log(`Product teams' apps run on Node ${stage.machine.nodeVersion}.`);
  ledger.heading('First release');
  const planned = await publishRound(stage);
  if (ledger.failed > 0) throw new Error('without a release there is nothing to rehearse');
  const versions = Object.fromEntries(planned.map(({ name, version }) => [name, version]));
  if (process.argv.includes('--update')) {
    await updateLists(stage, versions);
    ledger.heading('Written: tooling/release/expected.json');
  } else {
    await rehearse(versions);
    ledger.heading('The end');
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await stage.strike();
}
console.log(`\n${ledger.passed} passed, ${ledger.failed} failed`);
if (ledger.failed > 0 || ledger.passed === 0) process.exitCode = 1;

async function rehearse(versions: Versions): Promise<void> {
  const expectations = openExpectations('compare');
  const pinned: PinnedApp[] = [];
  ledger.heading('What is in the tarballs, and what product teams do with them');
  const teams = inLanes(stage.providers, async (provider) => {
    pinned.push(...(await checkProvider(stage, provider, versions, expectations)));
  });
  await Promise.all([checkTarballs(stage, versions, expectations), teams]);

  ledger.heading('The same programs under the compilers that product teams use');
  await checkTypes(stage, pinned);
  ledger.heading('Faults planted in a tarball');
  await checkPlantedFaults(stage, versions);
  ledger.heading('Second release: a patch of crypto, a feature of hubrise');
  await checkSecondRound(stage, versions, pinned);
}

#!/usr/bin/env node
// Runs the benches named on the command line, or all of them.
import { benchClient } from './client.ts';
import { benchInstalls } from './installs.ts';
import { benchQuickBlox } from './quickblox.ts';
import { benchRenewals } from './renewals.ts';
import { benchSealing } from './sealing.ts';
import { benchSigning } from './signing.ts';
import { benchSizes } from './sizes.ts';
import { benchStartUp } from './start-up.ts';
import { benchTiming } from './timing.ts';

const benches: Readonly<Record<string, () => void | Promise<void>>> = {
  signing: benchSigning,
  sealing: benchSealing,
  'start-up': benchStartUp,
  sizes: benchSizes,
  timing: benchTiming,
  client: benchClient,
  quickblox: benchQuickBlox,
  installs: benchInstalls,
  renewals: benchRenewals,
};

const wanted = process.argv.slice(2).filter((name) => name !== '--');
const unknown = wanted.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  console.log(
    `Node ${process.versions.node}, medians of one interleaved run; a ratio above 1× is slower than the first row.`,
  );
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length === 0 || wanted.includes(name)) await bench();
  }
}

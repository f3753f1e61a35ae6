import { createMountedHandler } from '../mount-cases.ts';
import { askListener, mountWays } from '../mount-ways.ts';
import { resultMark } from '../run-suite.ts';

const handler = await createMountedHandler();
const failures: string[] = [];
let passed = 0;
for (const [way, mount] of Object.entries(mountWays)) {
  const result = await askListener(handler, mount);
  passed += result.passed;
  failures.push(...result.failures.map((failure) => `${way}: ${failure}`));
}
console.log(resultMark + JSON.stringify({ passed, failures }));
// some runtime's node:http keeps a process alive after its server was closed
process.exit(0);

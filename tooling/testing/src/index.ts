export { runGuarded, type TestReport } from './guard.ts';
export { leaveOut } from './left-out.ts';
export { type ManualClock, manualClock } from './manual-clock.ts';
export { misbehaviours } from './misbehaviours.ts';
export { property } from './property.ts';
export { rejects } from './rejects.ts';
export { type ScriptedAnswer, type ScriptedFetch, scriptedFetch } from './scripted-fetch.ts';
export { seededRandom } from './seeded-random.ts';
export { unfinishedSuites } from './unfinished-suites.ts';

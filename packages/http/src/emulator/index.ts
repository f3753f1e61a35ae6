export type { Sleep } from '../rate-limiter/contract.ts';
export { isDropped } from './broken-connection.ts';
export type { AddedFaultScope, Fault, FaultPlan, FaultScope, FaultShare } from './faults.ts';
export type { Check, Journal, JournalEntry, OutgoingRecord } from './journal.ts';
export { maskSecret } from './mask-secret.ts';
export { assertOptionNames } from './option-names.ts';
export { type BasicCredentials, readBasic } from './read-basic.ts';
export {
  createScaffold,
  type EmulatorRoute,
  type Exchange,
  type Scaffold,
  type ScaffoldOptions,
} from './scaffold.ts';
export { seededRandom } from './seeded-random.ts';
export { type Served, type ServeOptions, serve } from './serve.ts';

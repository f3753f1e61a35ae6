export type {
  AddedFaultScope,
  Check,
  Fault,
  FaultPlan,
  Journal,
  JournalEntry,
  Served,
  ServeOptions,
} from '@x/http/emulator';
export { createEmulator, type EmulatedSession, type Emulator } from './create-emulator.ts';
export type {
  CreateEmulatorOptions,
  EmulatedApplication,
  EmulatedIdentity,
  EmulatedIdentityProvider,
  EmulatedUser,
  EmulatorSettings,
} from './options.ts';

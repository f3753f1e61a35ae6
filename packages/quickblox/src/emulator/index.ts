export { createEmulator, type EmulatedSession, type Emulator } from './create-emulator.ts';
export type {
  EmulatedApplication,
  EmulatedIdentity,
  EmulatedIdentityProvider,
  EmulatedUser,
  EmulatorOptions,
  EmulatorSettings,
} from './options.ts';

export type { Certificate, MeshVerification } from './authority.ts';
export type { CertificationReason } from './certification.ts';
export type {
  AccessTokenCallback,
  Device,
  DeviceOptions,
  StartFailure,
  StartFailureReason,
  StartResult,
} from './device.ts';
export { createEmulator, type Emulator } from './emulator.ts';
export type { HostileVariant, TokenTrait } from './hostile/case.ts';
export type { HostileOptions, HostileReport, HostileVerdict } from './hostile/run.ts';
export type { AppChanges, AuthorizationService, CreateEmulatorOptions, EmulatedApp } from './options.ts';
export type { Wire } from './wire.ts';

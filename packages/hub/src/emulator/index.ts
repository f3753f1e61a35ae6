export { type AttackName, type AttackResult, attackNames } from './attacks.ts';
export type { Browser, BrowserPage } from './browser.ts';
export type { AskOptions, AskResult, TimelineOptions } from './data-calls.ts';
export { createEmulator, type Emulator, type LinkDriver, type RunResult } from './emulator.ts';
export type { HandOverAnswer } from './hand-over.ts';
export type { CreateEmulatorOptions } from './options.ts';
export type { EmulatorApp, EmulatorUser } from './registry.ts';
export type { Transport } from './transport.ts';

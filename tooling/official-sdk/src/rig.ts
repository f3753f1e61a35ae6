import { type CreateQuickBloxOptions, createQuickBlox, type QuickBlox } from '@x/quickblox';
import { createEmulator, type EmulatedApplication, type Emulator, type EmulatorSettings } from '@x/quickblox/emulator';
import { type Sdk, type SdkBuild, type SdkNonces, startSdk } from './sdk.ts';
import { listenTls } from './tls-listener.ts';

/** The application that both clients are configured with. */
export const application = {
  id: 76730,
  authKey: 'ak_example',
  authSecret: 'as_example',
  apiKeys: ['example-key'],
  users: [
    { id: 7, login: 'anna', password: 'p@ss w&rd=1+2%20', fullName: 'Anna' },
    { id: 8, login: 'otto', email: 'otto+qa@example.com', password: 'пароль😀' },
    { id: 9, identities: [{ provider: 'firebase_phone', token: 'firebase.id-token' }] },
  ],
} satisfies EmulatedApplication;

/** A second one, whose signatures are SHA-256. */
export const other = {
  id: 86716,
  authKey: 'ak_other',
  authSecret: 'as_other',
  hash: 'sha256',
  users: [{ id: 20, login: 'anna', password: 'another example' }],
} satisfies EmulatedApplication;

/** An emulator, with the official SDK and our client to set upon it. */
export interface Rig {
  readonly emulator: Emulator;
  readonly sdk: Sdk;
  /** For the SDK's `endpoints.api`. */
  readonly endpoint: string;
  /** Our client, on the same server without the TLS. */
  quickblox(options?: Partial<CreateQuickBloxOptions>): QuickBlox;
  /** Calls so far, as `POST /session.json 201`, forgotten once they are told. */
  calls(): string[];
  /** What the server did not find in order so far: failed checks and warnings. */
  complaints(): string[];
  close(): Promise<void>;
}

/** Options of {@link withRig}. */
export interface RigOptions {
  readonly settings?: Partial<EmulatorSettings>;
  /** Default `spread`. */
  readonly nonces?: SdkNonces;
}

/** Puts an emulator on loopback, with TLS in front of it for the SDK, which knows no other way. */
async function createRig(build: SdkBuild, { settings = {}, nonces = 'spread' }: RigOptions): Promise<Rig> {
  const emulator = createEmulator({ applications: [application, other], ...settings });
  const served = await emulator.serve();
  const tls = await listenTls(served.url);
  const sdk = await startSdk(build, { certificateFile: tls.certificateFile, nonces });
  return {
    emulator,
    sdk,
    endpoint: tls.endpoint,
    quickblox: (options) =>
      createQuickBlox({
        applicationId: application.id,
        authKey: application.authKey,
        authSecret: application.authSecret,
        apiKey: 'example-key',
        baseUrl: served.url,
        timeoutMs: 120_000, // so that a machine that is busy ends no request
        ...options,
      } as CreateQuickBloxOptions),
    calls() {
      const calls = emulator.journal.entries.map(({ method, path, status }) => `${method} ${path} ${status}`);
      emulator.journal.clear();
      return calls;
    },
    complaints: () => [
      ...emulator.journal.entries.flatMap(({ checks }) => checks.filter(({ ok }) => !ok).map(({ name }) => name)),
      ...emulator.journal.warnings(),
    ],
    async close() {
      await sdk.close();
      await tls.close();
      await served.close();
    },
  };
}

/** A rig for the time of one function. */
export async function withRig<Result>(
  build: SdkBuild,
  run: (rig: Rig) => Promise<Result>,
  options: RigOptions = {},
): Promise<Result> {
  const rig = await createRig(build, options);
  try {
    return await run(rig);
  } finally {
    await rig.close();
  }
}

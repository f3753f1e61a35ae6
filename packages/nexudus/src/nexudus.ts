import { type Secret, toSecret } from '@x/crypto';
import { isXError } from '@x/http';
import { emit } from '@x/http/events';
import { isTrimmedSecret } from '@x/http/options';
import { createApiClient, type NexudusClient } from './client.ts';
import { resolveInstallPolicy } from './install/install-policy.ts';
import { type InstallSource, type VerifyInstallResult, verifyWithPolicy } from './install/verify-install.ts';
import { createInstallationCredential, installationKey } from './installation-credential.ts';
import { type CreateNexudusOptions, resolveApiSettings } from './options.ts';
import { type CommandRequest, listBusinesses, readBusiness, sendCommand } from './resources.ts';
import type { Business } from './schemas/business.ts';
import type { CommandResult } from './schemas/command-result.ts';

/** One customer's installation of the application. */
export interface Installation {
  /** Names the installation in events; holds no secret. */
  readonly key: string;
  /** ky with base URL, credentials, retries and typed errors. Of three secrets and more a request tries two. */
  readonly client: NexudusClient;
  /** Every location that the installation can see: the identity of the customer. Needs the role `Business-List`. */
  businesses(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly Business[]>;
  /** One location, whole. Needs the role `Business-Read`. */
  business(id: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<Business>;
  /** Creates, updates or deletes; a refusal with status 200 rejects like any other. */
  command(request: CommandRequest): Promise<CommandResult | undefined>;
}

/** One application on Nexudus. */
export interface Nexudus {
  readonly applicationKey: string;
  /** Checks an install callback, see `verifyInstall`. Never throws for any URL. */
  verifyInstall(source: InstallSource): VerifyInstallResult;
  /**
   * Makes the client of one installation.
   *
   * @param installToken `t` of its install callback.
   * @throws {TypeError} When it is empty or not text.
   */
  installation(installToken: string | Secret): Installation;
}

/**
 * Ties an application's key and secret to the steps of Nexudus's protocol. Nothing is sent until a client is used.
 *
 * @throws {TypeError} Naming an option that is missing, unknown or of the wrong kind. @throws {RangeError} For a number, or a secret that is too short.
 */
export function createNexudus(options: CreateNexudusOptions): Nexudus {
  const policy = resolveInstallPolicy(options);
  const settings = resolveApiSettings(options);
  const { applicationKey, secrets } = policy;
  assertStrong(secrets);
  const { onEvent } = options;

  function installation(token: string | Secret): Installation {
    const installToken = toSecret(token);
    const key = installationKey(applicationKey, installToken);
    const credential = createInstallationCredential({
      applicationKey,
      installToken,
      secrets,
      key,
      emit: (event) => emit(onEvent, event),
    });
    const client = createApiClient(settings, credential, options);
    /** A request is sent with two secrets at most; this goes on to the third. */
    async function withEverySecret<Result>(run: () => Promise<Result>): Promise<Result> {
      credential.tryAnew();
      for (let left = secrets.length - 1; ; left -= 1) {
        try {
          return await run();
        } catch (error) {
          const isRefused = isXError(error) && error.code === 'nexudus.credentials-refused';
          if (left <= 0 || !isRefused || !credential.hasUntried()) throw error;
        }
      }
    }

    return {
      key,
      client,
      businesses: (given) => withEverySecret(() => listBusinesses(client, given)),
      business: (id, given) => withEverySecret(() => readBusiness(client, id, given)),
      command: (request) => withEverySecret(() => sendCommand(client, request)),
    };
  }

  installation('probe'); // so that a wrong retry or timeoutMs shows here and not at the first installation
  return { applicationKey, verifyInstall: (source) => verifyWithPolicy(source, policy), installation };
}

const minSecretLength = 16;

/** One link is enough to try secrets offline (§3.7). Those on their way out in a rotation are what they are. */
function assertStrong(secrets: readonly Secret[]): void {
  if (!secrets.every(isTrimmedSecret)) throw new TypeError('secret must not begin or end with white space');
  const [newest] = secrets;
  if (newest !== undefined && [...newest.reveal()].length >= minSecretLength) return;
  throw new RangeError(`secret must have at least ${minSecretLength} characters, the newest of several at least`);
}

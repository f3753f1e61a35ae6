import { digest, encodeHex, Secret, sha256 } from '@x/crypto';
import type { ClientEvent, Credential } from '@x/http';
import { basicAuthorization, deriveAccessToken } from './credential.ts';

/** What an installation's credential is made from. */
export interface InstallationCredentialOptions {
  readonly applicationKey: string;
  readonly installToken: Secret;
  /** Newest first. */
  readonly secrets: readonly Secret[];
  /** Names the installation in events. */
  readonly key: string;
  readonly emit: (event: ClientEvent) => void;
}

/** A name for an installation that events may show: nothing leads from it back to the token. */
export function installationKey(applicationKey: string, installToken: Secret): string {
  return `nexudus/${applicationKey}/${encodeHex(digest(sha256, installToken.reveal())).slice(0, 16)}`;
}

/**
 * Makes the Basic credential of one installation.
 *
 * During a rotation it begins with the newest secret and, when that is refused, goes on to the next: Nexudus does not
 * say whether a token of the old secret dies at once. A 401 comes before anything is done, so the one replay is safe
 * for every method.
 *
 * Tells `credential-failed` once when every secret is refused after one of them has worked. That need not be the end:
 * a missing role is a 401 too.
 *
 * @see Nexudus fact sheet §4, §5 and §6.4.
 */
export function createInstallationCredential(options: InstallationCredentialOptions): Credential {
  const { applicationKey, installToken, secrets, key, emit } = options;
  const texts = secrets.map((secret) => basicAuthorization(applicationKey, deriveAccessToken(installToken, secret)));
  const fields = [...new Set(texts)].map((text) => new Secret(text));
  const refused = new Set<number>();
  let current = 0;
  let hasWorked = false;

  const indexOf = (sent: Readonly<Record<string, string>>): number =>
    fields.findIndex((field) => field.reveal() === sent['authorization']);

  return {
    async headers() {
      return { authorization: fields[current]?.reveal() ?? '' };
    },
    observe({ status }, sent) {
      const used = indexOf(sent);
      if (status >= 200 && status < 300) {
        refused.clear();
        current = used;
        hasWorked = true;
      } else if (status === 401) {
        refused.add(used);
        if (!hasWorked || refused.size < fields.length) return;
        hasWorked = false;
        emit({ type: 'credential-failed', provider: 'nexudus', key, code: 'nexudus.credentials-refused' });
      }
    },
    isRejected: ({ status }) => status === 401 && fields.length > 1,
    async discard(sent) {
      if (indexOf(sent) === current) current = (current + 1) % fields.length;
      return true;
    },
  };
}

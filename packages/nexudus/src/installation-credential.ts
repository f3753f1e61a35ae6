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

/** The credential of an installation. */
export interface InstallationCredential extends Credential {
  /** Whether there is a secret that was not refused since one was last accepted, or since all were to be tried anew. */
  hasUntried(): boolean;
  /** Says that all secrets are to be tried anew, if each was refused: a role that was missing may have been given. */
  tryAnew(): void;
}

/** A name for an installation that events may show: nothing leads from it back to the token. */
export function installationKey(applicationKey: string, installToken: Secret): string {
  return `nexudus/${applicationKey}/${encodeHex(digest(sha256, installToken.reveal())).slice(0, 16)}`;
}

/**
 * Makes the Basic credential of one installation.
 *
 * During a rotation it begins with the newest secret and, when that is refused, goes on to the next: Nexudus does not
 * say whether a token of the old secret dies at once. A 401 comes before anything is done, so replays are safe for
 * every method. A request is replayed once; for what is left of three secrets and more, `hasUntried` tells the caller
 * to send it again.
 *
 * Tells `credential-failed` once when every secret is refused after one of them has worked. That need not be the end:
 * a missing role is a 401 too.
 *
 * @see Nexudus fact sheet §4, §5 and §6.4.
 */
export function createInstallationCredential(options: InstallationCredentialOptions): InstallationCredential {
  const { applicationKey, installToken, secrets, key, emit } = options;
  const texts = secrets.map((secret) => basicAuthorization(applicationKey, deriveAccessToken(installToken, secret)));
  const fields = [...new Set(texts)].map((text) => new Secret(text));
  const refused = new Set<number>();
  let current = 0;
  let hasWorked = false;

  const indexOf = (sent: Readonly<Record<string, string>>): number =>
    fields.findIndex((field) => field.reveal() === sent['authorization']);

  /** Goes on from a secret to one that was not refused, if there is one. */
  function leave(used: number): void {
    if (used !== current) return;
    const others = fields.map((_, step) => (used + 1 + step) % fields.length);
    current = others.find((other) => !refused.has(other)) ?? (used + 1) % fields.length;
  }

  return {
    async headers() {
      return { authorization: fields[current]?.reveal() ?? '' };
    },
    observe({ status }, sent) {
      const used = indexOf(sent);
      if (used === -1) return; // a request with credentials of its own
      if (status >= 200 && status < 300) {
        refused.clear();
        current = used;
        hasWorked = true;
      } else if (status === 401) {
        refused.add(used);
        leave(used);
        if (!hasWorked || refused.size < fields.length) return;
        hasWorked = false;
        emit({ type: 'credential-failed', provider: 'nexudus', key, code: 'nexudus.credentials-refused' });
      }
    },
    hasUntried: () => refused.size < fields.length,
    tryAnew() {
      if (refused.size === fields.length) refused.clear();
    },
    isRejected: ({ status }) => status === 401 && fields.length > 1,
    async discard(sent) {
      leave(indexOf(sent));
      return true;
    },
  };
}

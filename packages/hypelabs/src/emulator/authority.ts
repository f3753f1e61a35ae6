import { type Clock, encodeHex, type RandomSource } from '@x/crypto';
import { maskSecret } from '@x/http/emulator';

/** What a device holds. A record without cryptography: it convinces nobody but this emulator. */
export interface Certificate {
  readonly appId: string;
  readonly userIdentifier: number | undefined;
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number;
  /** Milliseconds since 1970; the certificate is no longer valid then. */
  readonly notAfterMs: number;
  readonly serial: string;
}

/** What another device of the mesh learns from a certificate. */
export type MeshVerification =
  | {
      readonly ok: true;
      readonly appId: string;
      readonly userIdentifier: number | undefined;
      /** Masked: on which token the certificate was issued. */
      readonly accessToken: string;
    }
  | {
      readonly ok: false;
      readonly reason:
        | 'certificate-unknown'
        | 'certificate-altered'
        | 'certificate-expired'
        | 'certificate-not-yet-valid';
    };

/** Issues certificates and knows again what it issued. */
export interface Authority {
  issue(grant: {
    readonly appId: string;
    readonly userIdentifier: number | undefined;
    readonly accessToken: string;
  }): Certificate;
  verify(certificate: Certificate): MeshVerification;
}

/** Assumed in everything but its existence. @see HypeLabs fact sheet §1.1, §10. */
export function createAuthority(options: {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly lifetimeMs: number;
}): Authority {
  const { clock, random, lifetimeMs } = options;
  const issued = new Map<string, { readonly certificate: Certificate; readonly accessToken: string }>();
  return {
    issue({ appId, userIdentifier, accessToken }) {
      const notBeforeMs = clock();
      const serial = encodeHex(random(8));
      const certificate = { appId, userIdentifier, notBeforeMs, notAfterMs: notBeforeMs + lifetimeMs, serial };
      issued.set(serial, { certificate, accessToken: maskSecret(accessToken) });
      return Object.freeze(certificate);
    },
    verify(presented) {
      const found = issued.get(presented.serial);
      if (found === undefined) return { ok: false, reason: 'certificate-unknown' };
      const { certificate, accessToken } = found;
      if (!isSame(certificate, presented)) return { ok: false, reason: 'certificate-altered' };
      const nowMs = clock();
      if (nowMs < certificate.notBeforeMs) return { ok: false, reason: 'certificate-not-yet-valid' };
      if (nowMs >= certificate.notAfterMs) return { ok: false, reason: 'certificate-expired' };
      return { ok: true, appId: certificate.appId, userIdentifier: certificate.userIdentifier, accessToken };
    },
  };
}

function isSame(a: Certificate, b: Certificate): boolean {
  return (
    a.appId === b.appId &&
    a.userIdentifier === b.userIdentifier &&
    a.notBeforeMs === b.notBeforeMs &&
    a.notAfterMs === b.notAfterMs
  );
}

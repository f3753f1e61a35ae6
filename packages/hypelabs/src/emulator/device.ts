import type { Clock } from '@x/crypto';
import type { Certificate } from './authority.ts';
import type { CertificationReason } from './certification.ts';

/**
 * The SDK's access-token callback: it is given the user identifier and must return at once, either
 * `token_type access_token` or null.
 */
export type AccessTokenCallback = (userIdentifier: number | undefined) => string | null;

/** Options of a device. */
export interface DeviceOptions {
  /** 0 to 2,147,483,647; what the SDK considers invalid is not passed on. Default not set. */
  readonly userIdentifier?: number | undefined;
  /** One callback, or those of several observers, of which the first text counts. */
  readonly accessToken: AccessTokenCallback | readonly AccessTokenCallback[];
}

/** Why a device has no certificate. `offline`: the certification service gave no usable answer. */
export type StartFailureReason = CertificationReason | 'no-access-token' | 'offline' | 'app-unknown';

/**
 * How a start failed. Two codes are the SDK's: 61627, no certificate yet, and 24212, expired and not renewed, both for
 * lack of connectivity. It has none for a denial, so that one is the emulator's own.
 */
export interface StartFailure {
  readonly code: 61627 | 24212 | 'emulator.not-authorized';
  readonly reason: StartFailureReason;
  /** What the authorization service answered, where it did. */
  readonly status: number | undefined;
}

/** How the start of a device ended: with a certificate, or without and why. */
export type StartResult =
  | {
      readonly outcome: 'running';
      readonly certificate: Certificate;
      /** How a renewal ahead of time failed; the certificate at hand was still good. */
      readonly renewalFailure: StartFailure | undefined;
    }
  | ({ readonly outcome: 'failed' } & StartFailure);

/** A phone with the SDK. */
export interface Device {
  /**
   * Starts the SDK.
   *
   * @throws {TypeError} When a callback returns a promise or anything else but text and null.
   */
  start(): Promise<StartResult>;
  /** What is installed, valid or not. */
  certificate(): Certificate | undefined;
}

/**
 * Makes a device.
 *
 * With a certificate that is valid for longer than `renewAheadMs` a start asks nobody. Otherwise the callbacks are asked
 * and the certification service is called. That a certificate which is still good survives a failed renewal is assumed.
 *
 * @param request Calls the certification service; rejects when there is no connection.
 * @see HypeLabs fact sheet §1.2 (documented), §3, §10.
 */
export function createDevice(
  appId: string,
  options: DeviceOptions,
  service: {
    readonly fetch: (request: Request) => Promise<Response>;
    readonly clock: Clock;
    readonly renewAheadMs: number;
  },
): Device {
  const { userIdentifier, accessToken } = options;
  const callbacks = typeof accessToken === 'function' ? [accessToken] : accessToken;
  let installed: Certificate | undefined;

  async function renew(): Promise<StartFailure | undefined> {
    const authorization = firstText(callbacks, userIdentifier);
    if (authorization === undefined) return { ...ownCode, reason: 'no-access-token', status: undefined };
    const answer = await ask(service.fetch, { appId, authorization, userIdentifier });
    if (answer.ok) {
      installed = answer.certificate;
      return undefined;
    }
    const offlineCode = installed === undefined ? 61627 : 24212;
    return {
      code: answer.reason === 'offline' ? offlineCode : ownCode.code,
      reason: answer.reason,
      status: answer.status,
    };
  }

  return {
    certificate: () => installed,
    async start() {
      const leftMs = (installed?.notAfterMs ?? 0) - service.clock();
      const failure = leftMs > service.renewAheadMs ? undefined : await renew();
      if (installed !== undefined && installed.notAfterMs > service.clock()) {
        return { outcome: 'running', certificate: installed, renewalFailure: failure };
      }
      return { outcome: 'failed', ...(failure ?? { code: 24212, reason: 'offline', status: undefined }) };
    },
  };
}

const ownCode = { code: 'emulator.not-authorized' } as const;

function firstText(callbacks: readonly AccessTokenCallback[], userIdentifier: number | undefined): string | undefined {
  for (const callback of callbacks) {
    const returned: unknown = callback(userIdentifier);
    if (typeof returned === 'string') return returned;
    if (returned === null) continue;
    if (returned instanceof Promise) returned.catch(() => {}); // reported below
    throw new TypeError('accessToken must return text or null, and must not be asynchronous');
  }
  return undefined;
}

type Issued =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly reason: StartFailureReason; readonly status: number | undefined };

/** The SDK's own protocol is not published; this one is the emulator's, and has the service's journal see it. */
async function ask(
  fetch: (request: Request) => Promise<Response>,
  body: { readonly appId: string; readonly authorization: string; readonly userIdentifier: number | undefined },
): Promise<Issued> {
  try {
    const response = await fetch(
      new Request('https://certification.example/certificates', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    const answer = (await response.json()) as Partial<{
      certificate: Certificate;
      reason: StartFailureReason;
      status: number;
    }>;
    if (response.status === 201 && answer.certificate !== undefined) {
      return {
        ok: true,
        certificate: Object.freeze({ ...answer.certificate, userIdentifier: answer.certificate.userIdentifier }),
      };
    }
    if (answer.reason !== undefined) return { ok: false, reason: answer.reason, status: answer.status };
  } catch {
    // no connection, or not an answer: to the SDK it is the same
  }
  return { ok: false, reason: 'offline', status: undefined };
}

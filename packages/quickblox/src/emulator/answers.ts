import type { Exchange } from '@x/http/emulator';
import type { EmulatorSettings } from './options.ts';
import type { LiveSession, LiveUser } from './state.ts';

/** What an answer is made of. */
export interface AnswerParts {
  readonly status: number;
  /** JSON, or nothing at all. */
  readonly body?: unknown;
  /** Adds `QB-Token-ExpirationDate`. */
  readonly expiresAtMs?: number | undefined;
}

/**
 * Writes answers as the server does: JSON, its own `Date`, the end of the session where one is in play, and
 * `WWW-Authenticate` with 401 and 407 (QuickBlox fact sheet §6.3), what stands in it being assumed.
 */
export type Answer = (exchange: Exchange, parts: AnswerParts) => Response;

/** @param settings The settings as of the answer, since they can be changed at any time. */
export function createAnswer(settings: () => EmulatorSettings): Answer {
  return ({ nowMs }, { status, body, expiresAtMs }) => {
    const headers = new Headers({ date: new Date(nowMs).toUTCString() });
    if (status === 401 || status === 407) headers.set('www-authenticate', 'ApiKey realm="QuickBlox"');
    const { expiryFormat } = settings();
    if (expiresAtMs !== undefined && expiryFormat !== 'absent') {
      headers.set('QB-Token-ExpirationDate', formatExpiry(expiresAtMs, expiryFormat));
    }
    if (body === undefined) return new Response(null, { status, headers });
    headers.set('content-type', 'application/json; charset=utf-8');
    return new Response(JSON.stringify(body), { status, headers });
  };
}

/** Neither form is ISO 8601 (QuickBlox fact sheet §3.3). */
function formatExpiry(ms: number, format: 'utc' | 'offset'): string {
  const text = new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  return `${text} ${format === 'utc' ? 'UTC' : '+0000'}`;
}

/** `{"errors":{"base":[…]}}`, the shape of most authentication errors (QuickBlox fact sheet §6.2). */
export function baseError(text: string): object {
  return { errors: { base: [text] } };
}

/** `{"errors":[…]}` (QuickBlox fact sheet §6.2). */
export function bareError(text: string): object {
  return { errors: [text] };
}

/** A session as it is told (QuickBlox fact sheet §4.6). */
export function sessionBody(session: LiveSession): object {
  const { id, application, userId, nonce, timestampSeconds, token, createdAtMs } = session;
  const createdAt = isoSeconds(createdAtMs);
  return {
    session: {
      _id: String(id),
      id,
      application_id: application.settings.id,
      user_id: userId,
      nonce,
      ts: timestampSeconds,
      token,
      created_at: createdAt,
      updated_at: createdAt,
    },
  };
}

/** A user as it is told (QuickBlox fact sheet §5). */
export function userBody(user: LiveUser): object {
  return {
    user: {
      id: user.id,
      full_name: user.fullName ?? null,
      email: user.email ?? null,
      login: user.login ?? null,
      phone: user.phone ?? null,
      website: user.website ?? null,
      created_at: isoSeconds(user.createdAtMs),
      updated_at: isoSeconds(user.updatedAtMs),
      last_request_at: null,
      external_user_id: user.externalUserId ?? null,
      facebook_id: user.facebookId ?? null,
      twitter_id: user.twitterId ?? null,
      blob_id: user.blobId ?? null,
      custom_data: user.customData ?? null,
      user_tags: user.tags === undefined || user.tags.length === 0 ? null : user.tags.join(','),
    },
  };
}

/** `2019-09-01T14:55:56Z`. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

import { decodeUtf8 } from '@x/crypto';
import { withDeadline } from '@x/http/server';
import * as v from 'valibot';
import type { CallHub } from './client.ts';
import type { HubSettings } from './options.ts';
import { checkRedirectUrl } from './redirect-url.ts';
import { HandOverAnswer } from './schema.ts';

/**
 * Why a hand-over did not end at Hub's page.
 *
 * - `hub-refused`: status 4xx or 5xx
 * - `hub-redirected`: status 3xx, which is not followed
 * - `hub-answer-too-large`, `hub-answer-invalid`: success, but not 64 KiB of JSON with a text `url`
 * - `hub-url-untrusted`: success, but `url` leads to an origin that is not trusted
 * - `hub-unreachable`: no connection, or it broke
 * - `hub-timeout`: no complete answer in time
 */
export type HandOverReason =
  | 'hub-refused'
  | 'hub-redirected'
  | 'hub-answer-too-large'
  | 'hub-answer-invalid'
  | 'hub-url-untrusted'
  | 'hub-unreachable'
  | 'hub-timeout';

/** Where Hub wants the user's browser, or why nobody knows. `error` is what the call rejected with. */
export type HandOverResult =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly reason: HandOverReason; readonly error?: unknown };

/** A token on its way to Hub. */
export interface HandOver {
  /** An entry of the allow list. */
  readonly hub: string;
  readonly username: string;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
}

const maxBytes = 65_536;

/**
 * Posts a user's token to Hub and reads where the user is to be sent.
 *
 * A good answer proves only that Hub took the token: the page it names may show success or an error.
 *
 * @see Hub fact sheet §4 steps 4 to 6, §8 rows 1 to 3, §11 rows 28 to 35
 */
export async function handOver(
  { hub, username, token, signal }: HandOver,
  { callHub, settings }: { readonly callHub: CallHub; readonly settings: HubSettings },
): Promise<HandOverResult> {
  try {
    const done = await withDeadline(settings.timeoutMs, signal, async (until): Promise<HandOverResult> => {
      const response = await callHub({ hub, username, action: 'auth', json: { auth: token }, signal: until });
      const bytes = await readLimited(response);
      return bytes === undefined ? { ok: false, reason: 'hub-answer-too-large' } : readAnswer(bytes, hub, settings);
    });
    if (done.ok) return done.value;
    return { ok: false, reason: done.reason === 'deadline' ? 'hub-timeout' : 'hub-unreachable' };
  } catch (error) {
    return { ok: false, reason: reasonOf(error), error };
  }
}

function readAnswer(bytes: Uint8Array, hub: string, settings: HubSettings): HandOverResult {
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(bytes));
  } catch {
    return { ok: false, reason: 'hub-answer-invalid' };
  }
  const answer = v.safeParse(HandOverAnswer, value);
  if (!answer.success || Array.isArray(value)) return { ok: false, reason: 'hub-answer-invalid' };
  const { redirectOrigins, allowInsecureLoopback } = settings;
  const url = checkRedirectUrl(answer.output.url, { hub, redirectOrigins, allowInsecureLoopback });
  return url === undefined ? { ok: false, reason: 'hub-url-untrusted' } : { ok: true, url };
}

/** Reads a body; undefined as soon as it is longer than 64 KiB. */
async function readLimited(response: Response): Promise<Uint8Array | undefined> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.byteLength;
    if (total > maxBytes) {
      reader.cancel().catch(() => {}); // whether the rest can be stopped does not matter
      return undefined;
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function reasonOf(error: unknown): HandOverReason {
  const { status, code } = error as { readonly status?: unknown; readonly code?: unknown };
  if (code === 'http.timeout') return 'hub-timeout';
  if (typeof status !== 'number') return 'hub-unreachable';
  return status >= 400 ? 'hub-refused' : 'hub-redirected';
}

import { RequestError } from '@x/http';
import { withDeadline } from '@x/http/server';
import type { CallOptions } from './client.ts';
import type { QuickBloxOptions } from './options.ts';
import type { SessionParameters } from './parameters.ts';
import type { Subject } from './subject.ts';
import { aborted } from './until-aborted.ts';

/**
 * Reads what proves a login as of now; a source of logins has as long for that as an attempt of a request.
 *
 * @throws {RequestError} `http.timeout`, and `http.aborted` when the caller gives up, whatever the source does.
 */
export async function readLogin(
  subject: Subject,
  { platform }: Pick<QuickBloxOptions, 'platform'>,
  { signal }: CallOptions,
): Promise<SessionParameters> {
  const { timeoutMs = 10_000 } = platform;
  const outcome = await withDeadline(timeoutMs, signal, (inner) => subject.parameters({ signal: inner }));
  if (outcome.ok) return outcome.value;
  if (outcome.reason === 'aborted') throw aborted();
  const message = `expected login.read to give a login within ${timeoutMs} ms, it gave none`;
  throw new RequestError({ provider: 'quickblox', code: 'http.timeout', message });
}

import { isRedirect, type SendResult } from '../send.ts';
import type { Expected } from './case.ts';

/**
 * Compares an answer with what a row of the table expects, and with what every answer must be.
 *
 * @see HypeLabs fact sheet §9 with its last paragraphs.
 */
export function checkAnswer(result: SendResult, expected: Expected): { readonly ok: boolean; readonly detail: string } {
  if (result.kind !== 'answer') {
    return { ok: expected === 'no-answer', detail: `expected ${expected}, seen ${result.kind}` };
  }
  const { status, headers } = result;
  const complaints = [
    isExpectedStatus(status, expected) ? undefined : `expected ${expected}, seen ${status}`,
    isRedirect(result) || headers.has('location') ? 'a redirect' : undefined,
    headers.get('cache-control') === 'no-store' ? undefined : 'no Cache-Control: no-store',
    status === 405 && headers.get('allow') !== 'POST' ? 'no Allow: POST' : undefined,
    status === 401 && !headers.has('www-authenticate') ? 'no WWW-Authenticate' : undefined,
    status === 503 && !headers.has('retry-after') ? 'no Retry-After' : undefined,
  ].filter((complaint) => complaint !== undefined);
  return { ok: complaints.length === 0, detail: complaints.join(', ') || `answered ${status}` };
}

function isExpectedStatus(status: number, expected: Expected): boolean {
  switch (expected) {
    case 'processed':
      return status === 200;
    case 'processed-or-400':
      return status === 200 || status === 400;
    case 'processed-or-denied':
      return [200, 401, 403].includes(status);
    case 'denied':
      return status === 401 || status === 403;
    case 'no-answer':
      return status !== 200; // a handler that is called directly answers itself, to nobody
    default:
      return status === expected;
  }
}

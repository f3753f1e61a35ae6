import { constantTimeEqual, hmacHex, sha1, sha256 } from '@x/crypto';
import type { Received } from './parameters.ts';

type HashName = 'sha1' | 'sha256';

/** What the server makes of a signature. */
export type Verdict =
  | { readonly ok: true }
  /** `detail` names the mistake where it is a known one. */
  | { readonly ok: false; readonly detail: string };

/**
 * Verifies a signature over everything that was received but the signature itself.
 *
 * Independent of the client's code on purpose.
 *
 * @see QuickBlox fact sheet §4.3.
 */
export function verifySignature(received: Received, secret: string, hash: HashName): Verdict {
  const given = received.get('signature') ?? '';
  const pairs = [...received].filter(([name]) => name !== 'signature');
  const fits = (text: string, algorithm: HashName): boolean => constantTimeEqual(sign(text, secret, algorithm), given);

  const inOrder = [...pairs].sort(([a], [b]) => Number(a > b) - Number(a < b));
  if (fits(join(inOrder), hash)) return { ok: true };

  const other = hash === 'sha1' ? 'sha256' : 'sha1';
  if (fits(join(inOrder), other)) return refused(`signed with ${other}, this application uses ${hash}`);
  if (fits(join(pairs), hash)) return refused('signed in the order of sending, not of the names');
  const encoded = inOrder.map(([name, value]) => [encodeURIComponent(name), encodeURIComponent(value)] as const);
  if (fits(join(encoded), hash)) return refused('signed percent-encoded, not raw');
  if (fits(join(inOrder).replace('&provider=firebase_phone', ''), hash)) return refused('signed without provider');
  return refused('wrong secret, or other parameters than were sent');
}

function sign(text: string, secret: string, hash: HashName): string {
  return hmacHex(hash === 'sha1' ? sha1 : sha256, secret, text);
}

function join(pairs: readonly (readonly [name: string, value: string])[]): string {
  return pairs.map((pair) => pair.join('=')).join('&');
}

function refused(detail: string): Verdict {
  return { ok: false, detail };
}

/** Why a text cannot be an authorization code. */
export type CodeReason = 'code-missing' | 'code-malformed';

/** A code as it may be exchanged, or why the text is none. */
export type ParseCodeResult =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly reason: CodeReason };

/**
 * Reads the authorization code that a person copied from HubRise's page into an installed application.
 *
 * White space around it is dropped. Codes are opaque: up to 512 visible ASCII characters pass, whether or not HubRise
 * ever issued them.
 *
 * @returns The code to exchange, or why it cannot be one. Never throws for any text.
 * @see HubRise fact sheet §7; RFC 6749, appendix A.11.
 */
export function parseCode(text: string): ParseCodeResult {
  const code = text.trim();
  if (code === '') return { ok: false, reason: 'code-missing' };
  return /^[\x21-\x7e]{1,512}$/.test(code) ? { ok: true, code } : { ok: false, reason: 'code-malformed' };
}

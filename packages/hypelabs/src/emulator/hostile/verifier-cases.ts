import { type HostileCase, traitCase } from './case.ts';

/** Rows 45 to 54, 59 and 60: tokens that are bad, and parties that fail. @see HypeLabs fact sheet §9. */
export const verifierCases: readonly HostileCase[] = [
  traitCase(45, 'expired token', 'denied', 'expired'),
  traitCase(45, 'token before its time', 'denied', 'not-yet-valid'),
  traitCase(45, 'revoked token', 'denied', 'revoked'),
  traitCase(46, 'JWT with alg none', 'denied', 'jwt-alg-none'),
  traitCase(46, 'JWT signed by HS256 with the public key', 'denied', 'jwt-public-key-as-secret'),
  traitCase(46, 'JWT with an unknown key id', 'denied', 'jwt-unknown-key'),
  traitCase(46, 'JWT with typ JWT', 'denied', 'jwt-typ'),
  traitCase(46, 'ID token', 'denied', 'jwt-id-token'),
  traitCase(47, 'JWT without exp', 'denied', 'jwt-no-expiry'),
  traitCase(47, 'JWT of another issuer', 'denied', 'jwt-wrong-issuer'),
  traitCase(47, 'JWT for another audience', 'denied', 'jwt-wrong-audience'),
  traitCase(47, 'JWT for a list of others', 'denied', 'jwt-audience-list-without-us'),
  traitCase(48, 'JWT that names a key set elsewhere', 'denied', 'jwt-foreign-key-set'),
  traitCase(49, 'sender-constrained token', 'denied', 'sender-constrained'),
  traitCase(50, 'introspection says active as text', 'denied', 'introspection-active-as-text'),
  traitCase(50, 'introspection says nothing', 'denied', 'introspection-empty-object'),
  traitCase(50, 'introspection answers a list', 503, 'introspection-list'),
  traitCase(51, 'introspection answers 401', 503, 'introspection-unauthorized'),
  traitCase(51, 'introspection answers 500', 503, 'introspection-error'),
  traitCase(51, 'introspection answers HTML', 503, 'introspection-html'),
  traitCase(51, 'introspection redirects', 503, 'introspection-redirect'),
  traitCase(52, 'introspection is slow', 503, 'introspection-slow'),
  traitCase(52, 'key set is slow', 503, 'key-set-slow'),
  traitCase(53, 'verifier throws', 503, 'verifier-throws'),
  traitCase(53, 'verifier rejects', 503, 'verifier-rejects'),
  traitCase(53, 'verifier answers undefined', 503, 'verifier-undefined'),
  { row: 54, name: 'listener throws', expected: 'processed', build: () => ({ variant: 'hook-throws' }) },
  {
    row: 59,
    name: 'caller goes away while the token is verified',
    expected: 'no-answer',
    build: ({ tokens }) => {
      const slow = tokens['verifier-slow'];
      return slow === undefined ? 'no token for verifier-slow' : { members: { access_token: slow }, abortAfterMs: 20 };
    },
  },
  { row: 60, name: 'internal error', expected: 500, build: () => ({ variant: 'internal-error' }) },
];

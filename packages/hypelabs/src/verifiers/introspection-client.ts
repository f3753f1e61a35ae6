import { type Clock, encodeBase64, encodeUtf8, type RandomSource, randomToken, type Secret, toSecret } from '@x/crypto';
import type { CryptoKey, JWK } from 'jose';
import * as v from 'valibot';
import { secret, text, visibleSecret } from '../option-shapes.ts';
import { loadJose } from './load-jose.ts';

/** How we prove to an introspection endpoint who we are, which RFC 7662 §2.1 asks for. */
export type IntrospectionClient =
  /** HTTP Basic, RFC 6749 §2.3.1. */
  | { readonly method: 'basic'; readonly clientId: string; readonly clientSecret: string | Secret }
  /** Id and secret in the body, RFC 6749 §2.3.1. */
  | { readonly method: 'post'; readonly clientId: string; readonly clientSecret: string | Secret }
  /** A token of its own, RFC 6750; visible ASCII, because a header field carries it. */
  | { readonly method: 'bearer'; readonly token: string | Secret }
  /** A signed assertion, RFC 7523 §2.2. */
  | {
      readonly method: 'private-key-jwt';
      readonly clientId: string;
      readonly key: CryptoKey | JWK;
      /** Of the signature, for example `ES256`. */
      readonly algorithm: string;
      /** Names the key to the server; default none. */
      readonly keyId?: string | undefined;
      /** What the server calls itself; default the endpoint's URL. */
      readonly audience?: string | undefined;
    };

const anySecret = secret(1);

/** The variants with their secrets wrapped. */
export const IntrospectionClientShape: v.GenericSchema<unknown, IntrospectionClient> = v.variant(
  'method',
  [
    v.strictObject({ method: v.literal('basic'), clientId: text(), clientSecret: anySecret }),
    v.strictObject({ method: v.literal('post'), clientId: text(), clientSecret: anySecret }),
    v.strictObject({ method: v.literal('bearer'), token: visibleSecret() }),
    v.strictObject({
      method: v.literal('private-key-jwt'),
      clientId: text(),
      key: v.custom<CryptoKey | JWK>(isPrivateKey, 'must be a private key of an asymmetric algorithm'),
      algorithm: v.pipe(
        v.string('must be text'),
        v.regex(/^(?:(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519)$/, 'must be an asymmetric algorithm'),
      ),
      keyId: v.optional(text()),
      audience: v.optional(text()),
    }),
  ],
  "must be 'basic', 'post', 'bearer' or 'private-key-jwt' with what belongs to it",
);

/** Told here, since the first token would be too late. A JWK says it by its members, a platform's key by its type. */
function isPrivateKey(value: unknown): boolean {
  const { type, kty, d } = Object(value) as { type?: unknown; kty?: unknown; d?: unknown };
  return type === 'private' || (typeof kty === 'string' && kty !== 'oct' && typeof d === 'string');
}

/** What authentication adds to a request. */
export interface ClientProof {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Seconds that an assertion is good for: the time of one request. */
const assertionLifetimeSeconds = 60;

/** Makes the proof for one request to `endpoint`. */
export async function proveClient(
  client: IntrospectionClient,
  options: { readonly endpoint: string; readonly clock: Clock; readonly random: RandomSource },
): Promise<ClientProof> {
  switch (client.method) {
    case 'basic': {
      const pair = `${formEncode(client.clientId)}:${formEncode(toSecret(client.clientSecret).reveal())}`;
      return { headers: { authorization: `Basic ${encodeBase64(encodeUtf8(pair))}` }, parameters: {} };
    }
    case 'post':
      return {
        headers: {},
        parameters: { client_id: client.clientId, client_secret: toSecret(client.clientSecret).reveal() },
      };
    case 'bearer':
      return { headers: { authorization: `Bearer ${toSecret(client.token).reveal()}` }, parameters: {} };
    case 'private-key-jwt':
      return {
        headers: {},
        parameters: {
          client_id: client.clientId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await signAssertion(client, options),
        },
      };
  }
}

async function signAssertion(
  client: Extract<IntrospectionClient, { method: 'private-key-jwt' }>,
  options: { readonly endpoint: string; readonly clock: Clock; readonly random: RandomSource },
): Promise<string> {
  const { SignJWT } = await loadJose();
  const { clientId, key, algorithm, keyId, audience = options.endpoint } = client;
  const issuedAt = Math.floor(options.clock() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: algorithm, ...(keyId === undefined ? {} : { kid: keyId }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setJti(randomToken(16, options.random))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + assertionLifetimeSeconds)
    .sign(key);
}

/** RFC 6749 §2.3.1 form-encodes both halves before they are joined, so that a colon in them does no harm. */
function formEncode(value: string): string {
  return new URLSearchParams({ '': value }).toString().slice(1);
}

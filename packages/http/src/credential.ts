import { type Secret, toSecret } from '@x/crypto/light';
import { assertFunctions } from './function-options.ts';

/** Header fields by name. */
export type HeaderFields = Readonly<Record<string, string>>;

/** What a credential is told of an answer; the body is read only for failures. */
export interface CredentialAnswer {
  readonly status: number;
  readonly headers: Headers;
}

/**
 * What authenticates the requests of a client.
 *
 * A client asks for `headers` before every attempt and adds them only to requests to its own origin.
 */
export interface Credential {
  /**
   * Gives what authenticates one call, asked when the call begins: all its attempts, repetitions and the replay use
   * that. For a credential whose owner can change, so that a call never ends as somebody else than it began. Default
   * the credential itself. Must not throw.
   */
  begin?(): Credential;
  headers(context: { readonly signal?: AbortSignal | undefined }): Promise<HeaderFields>;
  /** Told every answer to a request that carried `sent`: the place to learn an expiry. */
  observe?(answer: CredentialAnswer, sent: HeaderFields): void;
  /**
   * Says whether a failed answer means that the credential is no longer accepted **and** that the provider did
   * nothing else: the request is then repeated once, whatever its method.
   */
  isRejected?(answer: CredentialAnswer & { readonly body: string }): boolean;
  /** Gives up the credential that made `sent`, unless another has replaced it. True when a replay may succeed. */
  discard?(sent: HeaderFields): Promise<boolean>;
}

/** @throws {TypeError} Unless it has the functions of a {@link Credential}: a token, or a promise of one, has not. */
export function assertCredential(given: Credential | undefined): void {
  if (given === undefined) return;
  if (typeof given !== 'object' || given === null) {
    throw new TypeError('credential must be an object, as staticCredential and renewableCredential give it');
  }
  assertFunctions(given, ['headers'], ['begin', 'observe', 'isRejected', 'discard'], 'credential.');
}

/**
 * Makes a credential that never changes: an API key, a token without expiry, a Basic header.
 *
 * @param fields Header fields by name; each value is kept as a {@link Secret}.
 * @throws {TypeError} For a name or value that HTTP does not allow in a header.
 */
export function staticCredential(fields: Readonly<Record<string, string | Secret>>): Credential {
  const secrets = Object.entries(fields).map(([name, value]) => [name, toSecret(value)] as const);
  const trial = new Headers();
  for (const [name, secret] of secrets) setField(trial, name, secret.reveal());
  const revealed = Object.fromEntries(secrets.map(([name, secret]) => [name, secret.reveal()]));
  return { headers: async () => ({ ...revealed }) };
}

/**
 * Sets a header field that holds a secret: the platform's own message would quote its value.
 *
 * @throws {TypeError} For a name or value that HTTP does not allow in a header, without the value.
 */
export function setField(headers: Headers, name: string, value: string): void {
  try {
    if (typeof value !== 'string') throw value; // it would be sent as `undefined`
    headers.set(name, value);
  } catch {
    throw new TypeError(`header field ${JSON.stringify(name)} has a name or value that HTTP does not allow`);
  }
}

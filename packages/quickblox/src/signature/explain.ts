import { constantTimeEqual, hmacHex, type Secret, toSecret } from '@x/crypto';
import type { SessionParameters } from '../parameters.ts';
import { compareTexts, restoreParameters } from './compare-texts.ts';
import { type Computations, createComputations, decodeSignature } from './computations.ts';
import { finding, type SignatureFinding, type SignatureMistake } from './findings.ts';
import { lintRequest } from './lint.ts';
import { maskParameters, showName } from './mask.ts';
import { type MistakenText, mistakenTexts, rightText, signedPairs } from './mistaken-texts.ts';
import { maxLength, type Received, readReceived } from './received.ts';
import { digestOf, type SignatureHash } from './sign.ts';

/** What is known of a session request that was refused. */
export interface ExplainSignatureOptions {
  /** The body as text, form or JSON, or its parameters. */
  readonly sent?: string | SessionParameters | undefined;
  /** The text that was signed, where it is known: it tells nonces and values apart that were made twice. */
  readonly signed?: string | undefined;
  /** Default the one in `sent`. */
  readonly signature?: string | undefined;
  /** The application's Authorization Secret. */
  readonly secret: string | Secret;
  /** Default `sha1`. */
  readonly hash?: SignatureHash | undefined;
}

/** What {@link explainSignature} found. */
export interface SignatureExplanation {
  /** Whether QuickBlox takes the signature; undefined when there is none, or nothing to hold it against. */
  readonly fits: boolean | undefined;
  /**
   * The text that has to be signed, every value replaced by `[redacted]` but a numeric application id, nonce and
   * timestamp and the name of a documented provider. Undefined when what was sent cannot be read.
   */
  readonly normalized: string | undefined;
  /** What is wrong, the signature's mistakes first. A signature can fit and its request be wrong. */
  readonly findings: readonly SignatureFinding[];
}

/**
 * Says by which of the known mistakes a session request came to "Unexpected signature".
 *
 * It computes what each mistake would have signed, and each two of them unless the body is very large, and compares.
 * What it gives holds no password, token or key, however the text was put together: names that the guide does not know,
 * and values that are neither a number nor a documented provider, are never shown. It is for people who look into a
 * refusal, not for every request: it takes some 20 milliseconds, and a tenth of a second for the largest body.
 *
 * @returns Never throws for what was sent, signed, or given as the signature.
 * @throws {TypeError} When neither `sent` nor `signed` is given, for an empty secret, and for an unknown hash.
 * @see QuickBlox fact sheet §4.3, §9 and "Edge cases and traps".
 * @example
 * import { explainSignature } from '@x/quickblox/signature';
 *
 * const { findings } = explainSignature({ sent: 'the body that was refused', secret: 'the authorization secret' });
 * for (const { text } of findings) process.stderr.write(`${text}\n`);
 */
export function explainSignature(options: ExplainSignatureOptions): SignatureExplanation {
  const { sent, signed, hash = 'sha1' } = options;
  const digest = digestOf(hash);
  const secret = toSecret(options.secret).reveal();
  if (sent === undefined && signed === undefined) throw new TypeError('sent or signed must be given');
  if (signed !== undefined && !isReadable(signed)) return unreadable('text-unreadable');
  const read = sent === undefined ? restoreParameters(signed ?? '') : readReceived(sent);
  if (!read.ok) return unreadable(read.mistake ?? read.reason);

  const { received } = read;
  const given = options.signature ?? received.pairs.find(([name]) => name === 'signature')?.[1] ?? '';
  const expected = hmacHex(digest, secret, rightText(received));
  const fits = given === '' ? undefined : isReadable(given) && constantTimeEqual(expected, given);
  const request = { received, secret, signed };
  const found = fits === true ? [] : explain(request, given, expected.length);
  return {
    fits,
    normalized: maskParameters(signedPairs(received), secret),
    findings: distinct([...found, ...lintRequest(received, secret)]),
  };
}

interface Request {
  readonly received: Received;
  readonly secret: string;
  readonly signed: string | undefined;
}

function explain(request: Request, given: string, expectedLength: number): SignatureFinding[] {
  const { received, secret, signed } = request;
  const text = signed === undefined ? [] : explainText(request, signed);
  if (given === '') return signed === undefined ? [finding('signature-missing')] : text;
  const decoded = isReadable(given) ? decodeSignature(given) : undefined;
  if (decoded === undefined) return [finding('signature-malformed'), ...text];
  const form = decoded.mistakes.map((mistake) => finding(mistake));
  if (decoded.bytes.length * 2 !== expectedLength) form.unshift(finding('hash-other'));
  const authKey = received.pairs.find(([name]) => name === 'auth_key')?.[1];
  const computations = createComputations(decoded.bytes, secret, authKey);
  if (signed === undefined) return [...form, ...explainUnknown(request, computations)];
  if (computations.isSigned(signed)) return [...form, ...text];
  return [...form, finding(computations.findMistake(signed) ?? 'signature-of-other-text'), ...text];
}

/** Finds the text whose signature was given. */
function explainUnknown({ received, secret }: Request, computations: Computations): SignatureFinding[] {
  for (const { text, mistakes } of mistakenTexts(received, secret)) {
    if (computations.isSigned(text)) return tell(mistakes);
    const mistake = mistakes.length < 2 ? computations.findMistake(text) : undefined;
    if (mistake !== undefined) return [finding(mistake), ...tell(mistakes)];
  }
  return [finding('unexplained')];
}

/** Finds how a text came about that was signed in the place of the right one. */
function explainText({ received, secret }: Request, signed: string): SignatureFinding[] {
  for (const { text, mistakes } of mistakenTexts(received, secret)) {
    if (text === signed) return tell(mistakes);
  }
  const differences = compareTexts(signed, received);
  return differences.length > 0 ? differences : [finding('unexplained')];
}

function tell(mistakes: MistakenText['mistakes']): SignatureFinding[] {
  return mistakes.map(({ mistake, name }) => finding(mistake, name === undefined ? undefined : showName(name)));
}

/** What the signed text shows can stand in the request as well. */
function distinct(findings: readonly SignatureFinding[]): SignatureFinding[] {
  return [...new Map(findings.map((one) => [one.text, one])).values()];
}

function isReadable(text: unknown): text is string {
  return typeof text === 'string' && text.length <= maxLength && text.isWellFormed();
}

function unreadable(mistake: SignatureMistake): SignatureExplanation {
  return { fits: undefined, normalized: undefined, findings: [finding(mistake)] };
}

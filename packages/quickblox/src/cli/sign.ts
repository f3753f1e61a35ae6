import { systemClock, systemRandom } from '@x/crypto';
import { createNonce } from '../nonce.ts';
import { restoreParameters } from '../signature/compare-texts.ts';
import {
  type ExplainSignatureOptions,
  explainSignature,
  formatSessionBody,
  type SessionParameters,
  type SignatureExplanation,
  type SignatureFinding,
  type SignatureHash,
  type SignSessionOptions,
  signSession,
} from '../signature/index.ts';
import { type ReadResult, readReceived } from '../signature/received.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { authSecret, fromEnvironment, readInput, readSecret, type Terminal, warn } from './terminal.ts';
import { usageError } from './usage.ts';

const help = `Shows what text QuickBlox signs for a session request, and how; says why a signature was refused.

Usage: npx @x/quickblox sign [NAME=VALUE…] [options]

  NAME=VALUE         a parameter: nonce=33432, 'user[login]=anna'. What is not given is filled in: application_id
                     from QUICKBLOX_APPLICATION_ID, auth_key from QUICKBLOX_AUTH_KEY, nonce and timestamp anew
  --body FILE        take the parameters from a request's body instead, a form or JSON; - for standard input.
                     Lines above the body, from POST on, are passed over
  --signed FILE      the text that your code signed, to be held against the parameters; - for standard input
  --check SIGNATURE  say what is wrong with this signature; a body with a signature is checked by itself
  --hash HASH        sha1 (default) or sha256: a setting of your application
  --secret SECRET    the authorization secret; better QUICKBLOX_AUTH_SECRET, or - to pipe it in
  --show-secrets     write the signed text and the body with passwords and tokens in clear
  --json             write JSON
  --help             this page

Examples:
  QUICKBLOX_AUTH_SECRET=… npx @x/quickblox sign application_id=1 auth_key=k nonce=7 timestamp=1572434294
  npx @x/quickblox sign --body refused-request.txt

Exit codes: 0 signed, or what was checked is right · 1 it is wrong · 2 the command line is wrong
`;

/** `sign`: the signed text, the signature, and what is wrong with one. */
export async function sign(argv: readonly string[], terminal: Terminal): Promise<number> {
  const given = readArguments(argv, ['body', 'signed', 'check', 'hash', 'secret'], ['show-secrets']);
  if (given.has('help')) {
    terminal.stdout.write(help);
    return 0;
  }
  if (['body', 'signed', 'secret'].filter((name) => given.text(name) === '-').length > 1) {
    throw usageError('Standard input can be read for one thing only.');
  }
  if (given.text('check') === '') throw usageError('--check is empty: there is no signature to be checked.');
  const sent = await readSent(given, terminal);
  const signedFile = given.text('signed');
  const signed = signedFile === undefined ? undefined : assertFilled(await readInput(terminal, signedFile));
  const secret = await readSecret(terminal, { ...authSecret, given: given.text('secret') });
  const options = { secret, hash: given.choice('hash', ['sha1', 'sha256']) ?? 'sha1' } as const;

  const { fits, normalized, findings } = explain({ ...options, sent, signed, signature: given.text('check') });
  const isCheck = fits !== undefined || signed !== undefined || normalized === undefined;
  const right = signAgain(sent === undefined ? restoreParameters(signed ?? '') : readReceived(sent), options);
  const told: Told = {
    hash: options.hash,
    normalized,
    ...(given.has('show-secrets') ? right : { signature: isCheck ? undefined : right?.signature }),
    fits,
    findings: isCheck ? findings : findings.filter(({ mistake }) => mistake !== 'signature-missing'),
  };
  // without a signature, the signed text is what is judged
  const isRight = fits ?? (normalized !== undefined && findings.length === 0);
  const checked = fits !== undefined ? 'signature' : normalized !== undefined ? 'text' : 'request';
  const verdict = isCheck ? verdicts[checked][isRight ? 0 : 1] : undefined;
  terminal.stdout.write(given.has('json') ? `${JSON.stringify(told)}\n` : write(told, verdict));
  return isCheck && !isRight ? 1 : 0;
}

/** A line break at the end of a text is taken for the file's own, unless it was signed. */
function explain(options: ExplainSignatureOptions): SignatureExplanation {
  const signed = options.signed?.replace(/\r?\n$/, '');
  const explanation = explainSignature({ ...options, signed });
  if (signed === options.signed || !isOfOtherText(explanation)) return explanation;
  const withBreak = explainSignature(options);
  return isOfOtherText(withBreak) ? explanation : withBreak;
}

function isOfOtherText({ findings }: SignatureExplanation): boolean {
  return findings.some(({ mistake }) => mistake === 'signature-of-other-text');
}

const verdicts = {
  signature: ['the signature fits', 'the signature does not fit'],
  text: ['the signed text is right', 'the signed text, or its request, is wrong'],
  request: ['', 'the request cannot be read'],
} as const;

/** The body as it is, or the parameters on the command line, completed. */
async function readSent(given: Arguments, terminal: Terminal): Promise<string | SessionParameters | undefined> {
  const file = given.text('body');
  if (file === undefined) {
    return given.positionals.length === 0 && given.text('signed') !== undefined
      ? undefined
      : complete(readParameters(given.positionals, terminal), terminal);
  }
  if (given.positionals.length > 0) {
    throw usageError('Parameters come from the command line or from --body, not from both.');
  }
  const text = await readInput(terminal, file);
  const isWhole = /^[A-Z]+ \S+ HTTP\/\d/.test(text);
  return assertFilled(isWhole ? text.split(/\r?\n\r?\n/, 2)[1] : text).trim();
}

/** A command before the pipe that failed leaves nothing, and nothing can be signed too. */
function assertFilled(text = ''): string {
  if (text.trim() === '') throw usageError('There is nothing in the file, or nothing was piped in.');
  return text;
}

function readParameters(positionals: readonly string[], terminal: Terminal): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const positional of positionals) {
    const at = positional.indexOf('=');
    if (at < 1) throw usageError('A parameter must be written NAME=VALUE.');
    const name = positional.slice(0, at);
    if (parameters.has(name)) throw usageError('A parameter is given twice.');
    if (/password|token|secret/.test(name)) {
      warn(terminal, 'A password or token on the command line is shown to every user of this machine; use --body -');
    }
    parameters.set(name, positional.slice(at + 1));
  }
  return Object.fromEntries(parameters);
}

function complete(parameters: Record<string, string>, terminal: Terminal): SessionParameters {
  const made: Record<string, string | undefined> = {
    application_id: fromEnvironment(terminal, 'QUICKBLOX_APPLICATION_ID'),
    auth_key: fromEnvironment(terminal, 'QUICKBLOX_AUTH_KEY'),
    nonce: String(createNonce(systemRandom)),
    timestamp: String(Math.floor(systemClock() / 1000)),
  };
  const added = Object.entries(made).filter(([name, value]) => value !== undefined && !Object.hasOwn(parameters, name));
  if (added.length > 0) terminal.stderr.write(`filled in: ${added.map(([name]) => name).join(', ')}\n`);
  return { ...Object.fromEntries(added), ...parameters };
}

/** Signs what was read, leaving out the signature that it came with, and writes it as it was written. */
function signAgain(
  read: ReadResult,
  options: SignSessionOptions,
): Pick<Told, 'signature' | 'signed' | 'body'> | undefined {
  if (!read.ok) return undefined;
  const { pairs, encoding } = read.received;
  const parameters = Object.fromEntries(pairs);
  const { normalized, signature } = signSession(parameters, options);
  const { body } = formatSessionBody(parameters, { ...options, encoding: encoding === 'json' ? 'json' : 'form' });
  return { signature, signed: normalized, body };
}

interface Told {
  readonly hash: SignatureHash;
  /** With secrets masked. */
  readonly normalized: string | undefined;
  /** With secrets in clear. */
  readonly signed?: string | undefined;
  readonly signature?: string | undefined;
  readonly body?: string | undefined;
  readonly fits: boolean | undefined;
  readonly findings: readonly SignatureFinding[];
}

function write({ hash, normalized, signed, signature, body, findings }: Told, verdict: string | undefined): string {
  const algorithm = hash === 'sha1' ? 'SHA-1' : 'SHA-256';
  const how: [string, string][] = [
    ['', 'every parameter but the signature, sorted by name, values raw, joined with &'],
    ['computed', `HMAC-${algorithm} of its UTF-8 bytes under the secret, lower-case hex`],
  ];
  const rows: [string, string | undefined][] = [
    ['text', signed ?? normalized],
    ...(normalized === undefined ? [] : how),
    ['signature', signature],
    ['body', body],
    ['verdict', verdict],
    ...findings.map(({ text }): [string, string] => ['mistake', text]),
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(10)} ${value}\n`])).join('');
}

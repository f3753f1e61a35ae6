import { type FaultAnswer, type HttpErrorCode, isXError, type MappedFault, ResponseError } from '@x/http';
import * as v from 'valibot';
import { CommandResult } from './schemas/command-result.ts';

/** Codes that this package adds to those of `@x/http`. */
export type NexudusErrorCode =
  | HttpErrorCode
  /** 401: the app was removed, its secret changed, or a role is missing. Nexudus does not say which. */
  | 'nexudus.credentials-refused'
  /** The command was understood and refused, also with status 200; `fault` tells why. */
  | 'nexudus.refused'
  /** 403 without a word of the API's: something in front of it did not let the request through. */
  | 'nexudus.blocked';

/** What Nexudus said of a failure. It may quote what was sent, so keep it out of logs. */
export interface NexudusFault {
  /** At most 500 characters; undefined where it holds markup. */
  readonly message: string | undefined;
  /** The fields that were not accepted; what was sent in them is left out. */
  readonly issues: readonly { readonly property: string | undefined; readonly message: string | undefined }[];
}

/** Tells a failed answer of Nexudus from other errors, with its {@link NexudusFault}. */
export function isNexudusFault(
  error: unknown,
): error is ResponseError<NexudusFault> & { readonly fault: NexudusFault } {
  return isXError(error) && error.provider === 'nexudus' && (error as Partial<ResponseError>).fault !== undefined;
}

/**
 * Picks the code of a failed answer.
 *
 * Throttling is 409 with an empty body, for historical reasons; a 409 that carries a result is a genuine refusal.
 *
 * @see Nexudus fact sheet §8 and §9.
 */
export function mapFault({ status, body }: FaultAnswer): MappedFault {
  const result = readCommandResult(body);
  const fault = result === undefined ? textFault(body) : toFault(result);
  if (status === 401) {
    const message = 'expected accepted credentials with the role for this call, got 401';
    return { code: 'nexudus.credentials-refused', fault, message };
  }
  if (result?.WasSuccessful === false) return { code: 'nexudus.refused', fault, message: refusalMessage };
  if (status === 409 || status === 429) {
    return { code: 'http.rate-limited', fault, message: `expected to be within the limits, got ${status}` };
  }
  if (status === 403 && fault.message === undefined) {
    const message = 'expected an answer of the API, got 403 from something in front of it';
    return { code: 'nexudus.blocked', fault, message };
  }
  return { fault };
}

/** Says why a command failed that was answered with success. */
export function refusalError(method: string, path: string, status: number, result: CommandResult): ResponseError {
  return new ResponseError<NexudusFault>({
    provider: 'nexudus',
    code: 'nexudus.refused',
    status,
    message: `${describeCommand(method, path)}: ${refusalMessage}`,
    fault: toFault(result),
  });
}

/** Names a command in a message: a query may hold a secret, as the filter by secret key does, and so may a segment. */
export function describeCommand(method: string, path: string): string {
  const [withoutQuery = ''] = path.split(/[?#]/, 1);
  const segments = withoutQuery.split('/').map((part) => (part.length >= 24 && /\d/.test(part) ? '…' : part));
  return `${method.toUpperCase()} ${segments.join('/')}`;
}

/** Reads a command's result, or undefined where the text is none. */
export function readCommandResult(text: string): CommandResult | undefined {
  try {
    const read = v.safeParse(CommandResult, JSON.parse(text));
    return read.success ? read.output : undefined;
  } catch {
    return undefined; // no JSON: empty, HTML or plain text, all of which Nexudus sends
  }
}

const refusalMessage = 'expected the command to be carried out, Nexudus refused it';
const maxMessageLength = 500;
const markup = /<[a-z!/?][^<>]*>/i;

function toFault({ Message, Errors }: CommandResult): NexudusFault {
  return {
    message: cut(Message),
    issues: (Errors ?? []).map((issue) => ({ property: cut(issue.PropertyName), message: cut(issue.Message) })),
  };
}

function textFault(body: string): NexudusFault {
  const text = body.trim();
  return { message: /^[<{[]/.test(text) ? undefined : cut(text), issues: [] };
}

function cut(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined || text === '' || markup.test(text)) return undefined;
  return text.slice(0, maxMessageLength);
}

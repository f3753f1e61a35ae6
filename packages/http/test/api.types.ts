// Compiled, not run: what the types promise to a user.

import type { JsonValue, Secret } from '@x/crypto';
import * as v from 'valibot';
import {
  type AnyXError,
  type ClientEvent,
  createClient,
  isRateLimited,
  isXError,
  parse,
  type RateLimited,
  type ResponseError,
  renewableCredential,
  staticCredential,
} from '../src/index.ts';
import { readJson, readParameters, withDeadline } from '../src/server/index.ts';

const schema = v.object({ id: v.pipe(v.string(), v.transform(Number)) });
const client = createClient({ provider: 'sample', baseUrl: 'https://api.example.com' });

/** A schema decides the type. */
export const parsed: { id: number } = parse(schema, {}, { provider: 'sample', what: 'it' });
export const answered: Promise<{ id: number }> = client.get('a').json(schema);

/** A required parameter is text, an optional one may be absent, another does not exist. */
export function parameters(): string | undefined {
  const read = readParameters('', { required: ['code'], optional: ['scope'] });
  if (!read.ok) {
    const name: 'code' | 'scope' = read.name;
    return name;
  }
  const code: string = read.values.code;
  const scope: string | undefined = read.values.scope;
  // @ts-expect-error not among the names
  read.values.state;
  return code + scope;
}

/** The reasons are closed. */
export async function body(request: Request): Promise<JsonValue> {
  const read = await readJson(request, { maxBytes: 1 });
  if (read.ok) return read.value;
  switch (read.reason) {
    case 'body-encoded':
    case 'body-not-json':
    case 'body-not-utf8':
    case 'body-too-deep':
    case 'body-too-large':
    case 'body-unreadable':
      return read.reason;
    default:
      return read.reason satisfies never;
  }
}

/** The value of a deadline is the value of its work. */
export const done: Promise<{ ok: true; value: number } | { ok: false; reason: 'deadline' | 'aborted' }> = withDeadline(
  1,
  undefined,
  async () => 7,
);

/** Events are a closed union. */
export function describe(event: ClientEvent): string {
  switch (event.type) {
    case 'request':
      return event.url;
    case 'response':
      return String(event.status);
    case 'retry':
      return event.reason;
    case 'request-failed':
    case 'credential-failed':
      return event.code;
    case 'credential-issued':
    case 'credential-renewed':
    case 'credential-reused':
    case 'credential-store-failed':
      return event.key;
    default:
      return event satisfies never;
  }
}

/** A fault is what the provider's package says it is. */
export function faultOf(error: ResponseError<{ why: string }>): string | undefined {
  return error.fault?.why;
}

/** A limiter's error is one of a client's, which none of the classes is. */
export function waitOf(error: RateLimited): number | undefined {
  const any: AnyXError = error;
  return any.code === 'http.rate-limited' && isRateLimited(any) ? any.retryAfterMs : undefined;
}

/** Every error has a code. */
export function codeOf(error: AnyXError): string {
  return error.code;
}

/** What a product team writes around a call. */
export function waitOfAny(error: unknown): number | undefined {
  if (!isXError(error)) throw error;
  // @ts-expect-error an error of the network was never told how long to wait
  error.retryAfterMs;
  if ('status' in error && error.status === 503) return error.retryAfterMs;
  return error.code === 'http.rate-limited' ? error.retryAfterMs : undefined;
}

declare const secret: Secret;
staticCredential({ a: 'text', b: secret });
// @ts-expect-error a number is no field
staticCredential({ a: 1 });

// @ts-expect-error a credential needs its expiry
renewableCredential<string>({ provider: 'sample', key: 'a', issue: async () => 'b', toHeaders: () => ({}) });

/**
 * Reduces a URL to its origin and path, and masks path segments that may be tokens.
 *
 * @returns Text for messages and events: no user info, query or fragment; segments of 24 characters and more
 *   that carry a digit are written `…`.
 */
export function redactUrl(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return '(unreadable URL)';
  }
  return `${parsed.origin}${redactPath(parsed.pathname)}`;
}

/** Names a request in a message. */
export function describeRequest({ method, url }: Request): string {
  return `${method} ${redactUrl(url)}`;
}

/** Masks the segments of a path that may be tokens. */
export function redactPath(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment.length >= 24 && /\d/.test(segment) ? '…' : segment))
    .join('/');
}

/**
 * Keeps of a failure's cause what is safe to show: its class, the platform's error code, and where in which file it was
 * thrown. What was redacted before stays what it is.
 *
 * Messages of network errors may quote URLs, and ky's errors carry the request with its headers.
 */
export function redactCause(cause: unknown): Error | undefined {
  if (cause === undefined) return undefined;
  const { name, code } = platformError(cause);
  const redacted = new Error(code ?? name);
  redacted.name = name;
  redacted.stack = [`${name}: ${redacted.message}`, ...placesOf(cause)].join('\n    at ');
  return code === undefined ? redacted : Object.assign(redacted, { code });
}

/** Of a frame neither the function, which may be called after anything, nor what a URL says besides its path. */
const place =
  /(?<=^ +at (?:async |.*\()?)(?:node:|file:\/\/|https?:\/\/[\w.:-]+(?=\/)|[A-Z]:\\)?[^\s?#:()]+:\d+:\d+(?=\)?$)/gm;

/** Characters of a stack that are looked at: it may have been written by anybody. */
const longestStack = 4096;

/** The places of a stack, below a message that may look like some. */
function placesOf(cause: unknown): readonly string[] {
  if (!(cause instanceof Error)) return [];
  try {
    const [stack = '', message = ''] = [cause.stack, cause.message].map(String);
    const begin = stack.indexOf(message);
    if (begin === -1) return [];
    const end = begin + message.length;
    return stack.slice(end, end + longestStack).match(place) ?? [];
  } catch {
    return []; // a stack of somebody's own making
  }
}

/** Words, as classes have them; nothing that could be a token. */
const className = /^[A-Za-z]{1,64}$/;
/** `ECONNREFUSED`, `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`, or `ConnectionRefused` as Bun has it. */
const platformCode = /^(?:[A-Z][A-Z0-9_]{1,63}|[A-Z][A-Za-z]{1,63})$/;

/** The innermost name and code: undici wraps `ECONNREFUSED` in a `TypeError`. */
export function platformError(error: unknown): { name: string; code: string | undefined } {
  let current: unknown = error;
  let name = 'Error';
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    name = className.test(current.name) ? current.name : 'Error';
    const { code } = current as { code?: unknown };
    if (typeof code === 'string' && platformCode.test(code)) return { name, code };
    // Deno says it in words only, after a URL in which spaces are escaped
    if (current.message.includes(': client error (Connect): ')) return { name, code: 'ERR_CONNECT' };
    current = current.cause;
  }
  return { name, code: undefined };
}

import type { Input, Options } from 'ky';

/**
 * Refuses an input, or what it is relative to, with user info on every runtime: some take it, and put it into messages
 * and header fields.
 *
 * @throws {TypeError} Without the input's words.
 */
export function assertNoUserInfo(input: Input, { baseUrl, prefix }: Options): void {
  for (const part of [input, baseUrl ?? '', prefix ?? '']) {
    const text = part instanceof Request ? part.url : String(part);
    if (!text.includes('@')) continue; // nearly always
    const url = parse(text);
    if (url !== undefined && (url.username !== '' || url.password !== '')) {
      throw new TypeError('the input must not hold credentials');
    }
  }
}

/**
 * Says what was wrong with a call that could not even be made, where the platform's own words quote what it was given:
 * a URL with its query, or the value of a header field.
 *
 * @returns An error to throw in place of the platform's; the error itself where it quotes neither.
 */
export function requestMistake(error: unknown, input: Input, options: Options | undefined): unknown {
  if (!(error instanceof TypeError)) return error;
  // those of the client and of `extend` are looked at no sooner than this, and every platform speaks of a header then
  if (!areFields(options?.headers) || /header/i.test(error.message)) {
    return new TypeError('headers must hold names and values that HTTP allows');
  }
  // `baseUrl` and `prefix` of a call, and its referrer, are quoted too; every platform then speaks of a URL
  const isUrl = input instanceof Request || parse(input) !== undefined;
  if (isUrl && !/\bURL\b/.test(error.message)) return error;
  return new TypeError('the input must be a URL, absolute or relative to baseUrl, without credentials');
}

function parse(input: string | URL): URL | undefined {
  return URL.canParse(input, anyBase) ? new URL(input, anyBase) : undefined;
}

const anyBase = 'https://base.invalid/';

function areFields(headers: Options['headers']): boolean {
  try {
    new Headers(headers as HeadersInit); // ky leaves out what is undefined, which is allowed as text too
    return true;
  } catch {
    return false;
  }
}

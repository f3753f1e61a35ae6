import type { Input, Options } from 'ky';

/**
 * Says what was wrong with a call that could not even be made, where the platform's own words quote what it was given:
 * a URL with its query and user info, or the value of a header field.
 *
 * @returns An error to throw in place of the platform's; the error itself where it quotes neither.
 */
export function requestMistake(error: unknown, input: Input, options: Options | undefined): unknown {
  if (!(error instanceof TypeError)) return error;
  if (!areFields(options?.headers)) {
    return new TypeError('headers must hold names and values that HTTP allows');
  }
  if (input instanceof Request) return error;
  const url = URL.canParse(input, anyBase) ? new URL(input, anyBase) : undefined;
  if (url === undefined) return new TypeError('the input must be a URL, absolute or relative to baseUrl');
  if (url.username !== '' || url.password !== '') return new TypeError('the input must not hold credentials');
  return error;
}

const anyBase = 'https://base.invalid/';

function areFields(headers: Options['headers']): boolean {
  if (headers === undefined || headers instanceof Headers) return true;
  const fields = Array.isArray(headers) ? headers : Object.entries(headers);
  try {
    new Headers(fields.filter((field): field is [string, string] => field[1] !== undefined));
    return true;
  } catch {
    return false;
  }
}

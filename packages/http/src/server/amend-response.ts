/**
 * Makes a callback's response anew with other header fields: those of `Response.redirect()`, or of a `fetch`, cannot be
 * changed.
 *
 * @param change Is given the fields that will be sent.
 * @returns A response of the same status and body, which is no longer the given one's to read.
 * @throws {TypeError} Saying what is wrong with a response that cannot be sent: its body was read or is being read, or
 *   it has no status, as that of `Response.error()`.
 */
export function amendResponse(response: Response, change: (headers: Headers) => void): Response {
  const { body, status } = response;
  if (response.bodyUsed || body?.locked === true) {
    throw new TypeError('the response cannot be sent: its body has been read, or is being read');
  }
  if (!(status >= 200 && status <= 599)) {
    throw new TypeError(`the response cannot be sent: its status is ${status}, as that of Response.error()`);
  }
  const headers = new Headers(response.headers);
  change(headers);
  return new Response(body, { status, headers });
}

/** Methods that Hub's pages may use on an app. */
const methods = 'GET, POST, PUT, OPTIONS';

/**
 * Adds what a browser needs to let a page of a listed origin read an answer.
 *
 * An origin is echoed only when it is listed, never `*`; other answers tell caches that they depend on the origin.
 *
 * @see Hub fact sheet §9.6
 */
export function withCors(response: Response, request: Request, origins: readonly string[]): Response {
  response.headers.append('vary', 'Origin');
  const origin = request.headers.get('origin');
  if (origin === null || !origins.includes(origin)) return response;
  response.headers.set('access-control-allow-origin', origin);
  if (request.method === 'OPTIONS') {
    response.headers.set('access-control-allow-methods', methods);
    response.headers.set('access-control-allow-headers', 'Content-Type');
    response.headers.set('access-control-max-age', '600');
  }
  return response;
}

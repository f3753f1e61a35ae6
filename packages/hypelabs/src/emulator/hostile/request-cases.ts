import { type Expected, type HostileCase, type HostileRequest, membersCase } from './case.ts';

/** Rows 1 to 17: the request as such. @see HypeLabs fact sheet §9. */
export const requestCases: readonly HostileCase[] = [
  ...[[1, 'GET'] as const, ...['HEAD', 'PUT', 'DELETE', 'OPTIONS'].map((method) => [2, method] as const)].map(
    ([row, method]) => fixed(row, method, 405, { method }),
  ),
  fixed(3, 'content type with charset', 'processed', { contentType: 'application/json; charset=utf-8' }),
  fixed(4, 'content type with the typo', 'processed', { contentType: 'appliation/json' }),
  fixed(5, 'content type in capitals', 'processed', { contentType: 'APPLICATION/JSON' }),
  fixed(6, 'no content type', 'processed', { contentType: null }),
  ...['text/plain', 'text/html', 'multipart/form-data'].map((contentType) =>
    fixed(7, contentType, 415, { contentType }),
  ),
  {
    row: 8,
    name: 'form',
    expected: 415,
    build: ({ acceptForm }) =>
      acceptForm ? 'the service accepts forms' : { contentType: 'application/x-www-form-urlencoded' },
  },
  fixed(9, 'charset utf-16', 415, { contentType: 'application/json; charset=utf-16' }),
  fixed(10, 'gzip', 415, { headers: { 'content-encoding': 'gzip' } }),
  { row: 11, name: '17 KiB without length', expected: 413, build: () => ({ body: streamOf(filler(17 * 1024)) }) },
  {
    row: 12,
    name: 'a length that lies',
    expected: 413,
    build: ({ isDirect }) =>
      isDirect
        ? { body: streamOf(filler(17 * 1024)), headers: { 'content-length': '10' } }
        : 'no HTTP client sends a wrong Content-Length',
  },
  fixed(13, 'empty body', 400, { body: '' }),
  fixed(14, 'truncated JSON', 400, { body: '{"api_user":"a","api_sec' }),
  fixed(14, 'names without quotes', 400, { body: '{ api_user: "...", api_secret: "..." }' }),
  fixed(15, 'invalid UTF-8', 400, { body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) }),
  ...['null', '[]', '"x"', '7', 'true'].map((body) => fixed(16, `JSON ${body}`, 400, { body })),
  fixed(17, 'empty object', 'denied', { body: '{}' }),
];

/** Rows 54 to 58: rarer shapes of a body. */
export const oddityCases: readonly HostileCase[] = [
  {
    row: 55,
    name: '__proto__ and constructor',
    expected: 'processed',
    build: ({ members }) => ({
      body: `{"__proto__":{"api_user":"x"},"constructor":{"prototype":1},${JSON.stringify(members).slice(1)}`,
    }),
  },
  membersCase(
    55,
    '50 unknown members',
    'processed',
    Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`unknown_${index}`, index])),
  ),
  {
    row: 56,
    name: 'access_token twice, the last one bad',
    expected: 'denied',
    build: ({ members }) => ({ body: `${JSON.stringify(members).slice(0, -1)},"access_token":"not this one"}` }),
  },
  {
    row: 57,
    name: 'arrays nested as deep as the size allows',
    expected: 'processed-or-400',
    build: ({ members }) => {
      const head = JSON.stringify(members).slice(0, -1);
      const depth = Math.min(10_000, Math.floor((16_000 - head.length) / 2));
      return { body: `${head},"deep":${'['.repeat(depth)}${']'.repeat(depth)}}` };
    },
  },
  fixed(58, "another user's Authorization header", 'processed', { headers: { authorization: 'Bearer somebody-else' } }),
];

function fixed(row: number, name: string, expected: Expected, request: HostileRequest): HostileCase {
  return { row, name, expected, build: () => request };
}

/** A JSON text of so many bytes. */
function filler(size: number): string {
  return `{"filler":"${'x'.repeat(size - 13)}"}`;
}

function streamOf(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const chunkSize = 1024;
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes.subarray(offset, offset + chunkSize));
      offset += chunkSize;
      if (offset >= bytes.length) controller.close();
    },
  });
}

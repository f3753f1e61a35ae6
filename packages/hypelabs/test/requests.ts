/** Credentials of the app under test; made up for it. */
export const apiUser = 'hype-caller';
export const apiSecret = 'Secr\u00e9t-of-the-app-0123';
export const otherUser = 'other-caller';
export const otherSecret = 'secret-of-the-other-app';

export const url = 'https://app.example/hypelabs/authorize';

/** What HypeLabs sends for a device of user 7. */
export const goodMembers: Readonly<Record<string, unknown>> = {
  api_user: apiUser,
  api_secret: apiSecret,
  access_token: 'good-token',
  token_type: 'Bearer',
  user_identifier: '7',
};

/** The good members with some replaced, undefined taking one away. */
export function withMembers(members: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...goodMembers, ...members });
}

/** What is special about a request. */
export interface RequestParts {
  readonly method?: string;
  /** Null: no content type. Default `application/json`. */
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, unknown>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal;
}

export function authorizationRequest(parts: RequestParts = {}): Request {
  const {
    method = 'POST',
    contentType = 'application/json',
    members = {},
    body = withMembers(members),
    signal,
  } = parts;
  const headers = new Headers(parts.headers);
  if (contentType !== null) headers.set('content-type', contentType);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return new Request(url, {
    method,
    headers,
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: bytes, duplex: 'half' as const }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A body that comes in pieces and without a length. */
export function streamOf(text: string, pieceSize: number = 1000): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes.slice(offset, offset + pieceSize));
      offset += pieceSize;
      if (offset >= bytes.length) controller.close();
    },
  });
}

/** All of an answer that a caller can see. */
export async function appearanceOf(response: Response): Promise<string> {
  return JSON.stringify([response.status, [...response.headers], await response.text()]);
}

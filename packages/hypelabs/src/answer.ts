/** What HypeLabs can be told. */
export type AnswerKind =
  | 'allowed'
  | 'denied'
  | 'bad-request'
  | 'method-not-allowed'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'unavailable'
  | 'internal-error';

/** The status of a denial. HypeLabs documents none; its demo server answers 401. */
export type DeniedStatus = 401 | 403;

interface AnswerParts {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Makes the answers of one handler.
 *
 * There is one answer of each kind, whatever the reason, down to the last byte: an endpoint that answered a wrong
 * secret and a wrong token differently would be an oracle for both. Only 200 means yes, and its body means nothing.
 *
 * @see HypeLabs fact sheet §3, §5 rows 1 to 5, §9 last paragraphs.
 */
export function createAnswers(options: {
  readonly deniedStatus: DeniedStatus;
  readonly realm: string;
}): (kind: AnswerKind) => Response {
  const { deniedStatus, realm } = options;
  const challenge = { 'www-authenticate': `Bearer realm="${realm}"` };
  const parts: Readonly<Record<AnswerKind, AnswerParts>> = {
    allowed: { status: 200, body: {} },
    denied: {
      status: deniedStatus,
      body: { error: 'unauthorized' },
      ...(deniedStatus === 401 ? { headers: challenge } : {}), // RFC 9110 §15.5.2 asks for it with a 401
    },
    'bad-request': { status: 400, body: { error: 'bad_request' } },
    'method-not-allowed': { status: 405, body: { error: 'method_not_allowed' }, headers: { allow: 'POST' } },
    'payload-too-large': { status: 413, body: { error: 'payload_too_large' } },
    'unsupported-media-type': { status: 415, body: { error: 'unsupported_media_type' } },
    unavailable: { status: 503, body: { error: 'temporarily_unavailable' }, headers: { 'retry-after': '30' } },
    'internal-error': { status: 500, body: { error: 'internal_error' } },
  };
  return (kind) => {
    const { status, body, headers } = parts[kind];
    return new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    });
  };
}

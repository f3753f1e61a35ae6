import { acceptFields, fixedJson } from '@x/http/server';
import { mediaTypesOf } from './body.ts';

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
  readonly acceptForm: boolean;
}): (kind: AnswerKind) => Response {
  const { deniedStatus, realm } = options;
  const challenge = { 'www-authenticate': `Bearer realm="${realm}"` };
  const taken = { ...acceptFields('POST', mediaTypesOf(options)), 'accept-encoding': 'identity' };
  const answers: Readonly<Record<AnswerKind, () => Response>> = {
    allowed: fixedJson({}),
    denied: fixedJson(
      { error: 'unauthorized' },
      // RFC 9110 §15.5.2 asks for a challenge with a 401
      { status: deniedStatus, headers: deniedStatus === 401 ? challenge : undefined },
    ),
    'bad-request': fixedJson({ error: 'bad_request' }, { status: 400 }),
    'method-not-allowed': fixedJson({ error: 'method_not_allowed' }, { status: 405, headers: { allow: 'POST' } }),
    'payload-too-large': fixedJson({ error: 'payload_too_large' }, { status: 413 }),
    // RFC 9110 §15.5.16: both of its causes, the type and the coding
    'unsupported-media-type': fixedJson({ error: 'unsupported_media_type' }, { status: 415, headers: taken }),
    unavailable: fixedJson({ error: 'temporarily_unavailable' }, { status: 503, headers: { 'retry-after': '30' } }),
    'internal-error': fixedJson({ error: 'internal_error' }, { status: 500 }),
  };
  return (kind) => answers[kind]();
}

/** Mistakes that can be told from a session request and its signature. */
export type SignatureMistake =
  // what was sent cannot be read
  | 'body-unreadable'
  | 'body-too-large'
  | 'escape-malformed'
  | 'form-not-utf8'
  | 'parameter-repeated'
  | 'text-unreadable'
  // the signature's form
  | 'signature-missing'
  | 'signature-malformed'
  | 'signature-upper-case'
  | 'signature-base64'
  | 'signature-surrounded'
  // how it was computed
  | 'hash-other'
  | 'key-and-message-swapped'
  | 'not-hmac'
  | 'key-is-auth-key'
  | 'secret-surrounded'
  | 'secret-decoded'
  | 'text-not-utf8'
  // the text that was signed
  | 'values-encoded'
  | 'brackets-encoded'
  | 'plus-unescaped'
  | 'ampersand-unescaped'
  | 'encoded-twice'
  | 'html-escaped'
  | 'markdown-escaped'
  | 'times-corrupted'
  | 'newline-added'
  | 'separator-other'
  | 'unicode-form'
  | 'order-of-sending'
  | 'order-by-locale'
  | 'order-by-value'
  | 'group-not-flattened'
  | 'json-signed'
  | 'absent-signed'
  | 'secret-signed'
  | 'signature-signed'
  | 'provider-unsigned'
  | 'parameter-unsigned'
  | 'parameter-not-sent'
  | 'value-differs'
  // the request itself
  | 'parameter-missing'
  | 'provider-missing'
  | 'password-missing'
  | 'login-and-email'
  | 'user-not-grouped'
  | 'value-joined'
  | 'secret-sent'
  | 'absent-sent'
  | 'timestamp-malformed'
  | 'timestamp-fraction'
  | 'timestamp-milliseconds'
  | 'number-not-whole'
  // none of these
  | 'signature-of-other-text'
  | 'unexplained';

/** One mistake, for programs and for people. It holds no value of any parameter. */
export interface SignatureFinding {
  readonly mistake: SignatureMistake;
  /** The parameter that it concerns; absent also for a name that the guide does not know, which could be part of a secret. */
  readonly name?: string;
  /** A sentence or two: what is wrong, and what is right. */
  readonly text: string;
}

const sentences: Readonly<Record<SignatureMistake, string>> = {
  'body-unreadable': 'The body is neither a form nor JSON of text and numbers in at most one level of groups.',
  'body-too-large': 'The body is longer than any session request; it was not looked into.',
  'escape-malformed':
    'A percent sign in the form escapes nothing, and servers refuse that. Send %25 for a percent sign.',
  'form-not-utf8': 'The form escapes bytes that are not UTF-8, as Latin-1 has them; UTF-8 is wanted.',
  'parameter-repeated': 'A parameter stands in the body twice, and which of the two is signed is anyone’s guess.',
  'text-unreadable': 'The signed text holds half a character, which has no UTF-8 bytes to sign.',
  'signature-missing': 'The request has no signature.',
  'signature-malformed': 'The signature is no digest: 40 hex digits are wanted for SHA-1, 64 for SHA-256.',
  'signature-upper-case': 'The signature has capitals: hex digits must be lower-case.',
  'signature-base64': 'The signature is in base64: it must be lower-case hex.',
  'signature-surrounded': 'The signature has spaces or quotes around it.',
  'hash-other':
    'Another hash was used. Which one counts is a setting of the application, SHA-1 unless QuickBlox changed it.',
  'key-and-message-swapped': 'Key and message are swapped: the key is the authorization secret, the message the text.',
  'not-hmac': 'A plain digest was made where an HMAC is wanted.',
  'key-is-auth-key': 'The authorization key was used as the key of the HMAC; it must be the authorization secret.',
  'secret-surrounded':
    'The authorization secret has a space or a line break at one of its ends, or quotes around it, on one side only.',
  'secret-decoded': 'The authorization secret was decoded first; its characters themselves are the key.',
  'text-not-utf8': 'The text was signed as Latin-1; its UTF-8 bytes are wanted.',
  'values-encoded':
    'Values were percent-encoded before signing. Sign them raw; encoding belongs to the form body alone.',
  'brackets-encoded': 'Brackets in names were percent-encoded before signing. Sign user[login], not user%5Blogin%5D.',
  'plus-unescaped': 'A plus sign in a form means a space, so signature and body differ. Send %2B for a plus.',
  'ampersand-unescaped':
    'An ampersand ends a value in a form, so signature and body differ. Send %26 for one within a value; what is a ' +
    'parameter of its own is signed in the order of names.',
  'encoded-twice':
    'What arrives is still percent-encoded, and was signed raw. Encode a form once, and JSON not at all.',
  'html-escaped': 'Text was escaped for HTML before signing, such as &amp; for &.',
  'markdown-escaped':
    'Backslashes were signed that are Markdown’s, as in application\\_id; they are no part of the text.',
  'times-corrupted':
    '“&times” became “×”: the text holds ×tamp where &timestamp is meant. It is a flaw of the guide’s page.',
  'newline-added': 'A line break was signed at the end of the text, as echo and text files add it.',
  'separator-other': 'The pairs were not joined as they must be: one & between each two, and none at either end.',
  'unicode-form': 'Body and signed text write an accented letter differently, composed and decomposed.',
  'order-of-sending': 'The parameters were signed in the order of sending; sort them by name.',
  'order-by-locale': 'The names were sorted as a dictionary does; compare their code units.',
  'order-by-value': 'The pairs were sorted by value; sort them by name.',
  'group-not-flattened': 'A group was signed in another form than user[login]=…',
  'json-signed': 'The JSON text was signed; sign name=value pairs, whatever the encoding of the body.',
  'absent-signed': 'A member that is null or undefined, and so is not sent, was signed.',
  'secret-signed': 'The authorization secret is part of the signed text; it is the key and nothing else.',
  'signature-signed': 'The signature’s own parameter is part of the signed text; leave it out.',
  'provider-unsigned': 'The provider is sent but was not signed. The guide’s list leaves it out, its example does not.',
  'parameter-unsigned':
    'A parameter is sent but was not signed; everything in the body counts, the signature excepted.',
  'parameter-not-sent': 'A parameter was signed but is not sent.',
  'value-differs': 'A parameter was signed with another value than is sent. Make nonce and timestamp once, for both.',
  'parameter-missing': 'A parameter is missing that every session request needs.',
  'provider-missing': 'Tokens are sent without the provider whose they are.',
  'password-missing': 'A user is named without a password, which some servers take for a session of the application.',
  'login-and-email': 'A user is named by login and by e-mail; one of them is right.',
  'user-not-grouped':
    'The user stands outside its group: in a session request it is user[login] and user[password]; only POST ' +
    '/login.json has them bare.',
  'value-joined':
    'Another parameter is part of this value: pairs are joined with a bare &, which is encoded only within a value.',
  'secret-sent': 'The authorization secret is sent. Take it out and have it replaced: it must never leave your side.',
  'absent-sent': 'A value is the text “undefined” or “null”: leave absent parameters out.',
  'timestamp-malformed': 'The timestamp is not a whole number of seconds since 1970.',
  'timestamp-fraction': 'The timestamp has a fraction; whole seconds are wanted.',
  'timestamp-milliseconds': 'The timestamp is in milliseconds or something finer; seconds are wanted.',
  'number-not-whole': 'A number has a fraction or an exponent, which servers write in several ways. Send whole digits.',
  'signature-of-other-text': 'The signature is not that of the signed text: another secret, or another text.',
  unexplained: 'No known mistake explains the signature: most likely another secret, or other parameters.',
};

/** Makes a finding. */
export function finding(mistake: SignatureMistake, name?: string): SignatureFinding {
  const text = sentences[mistake];
  return name === undefined ? { mistake, text } : { mistake, name, text: `${name}: ${text}` };
}

import fc from 'fast-check';

/** A session request that was put together wrongly, in every form in which one comes. */
export interface Damaged {
  /** The body, or the text that was signed. */
  readonly text: string;
  /** The same as parameters, one by one. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Stands for a password, token, secret or key; whatever shows it has leaked it. */
export const marker: fc.Arbitrary<string> = fc.stringMatching(/^[a-z]{0,3}MARKER[a-z]{0,3}$/);

const separators = [
  '&',
  ';',
  ',',
  ', ',
  '\n',
  '\r\n',
  '%26',
  '%2526',
  '&amp;',
  '\\&',
  '&&',
  '|',
  ' ',
  '+',
  '.',
  '-',
  '',
];
const assignments = ['=', ':', '%3D', '%253D', ' = ', '=>', '==', ''];
const secrets = [
  ['user', 'password'],
  ['user', 'pass'],
  ['keys', 'token'],
  ['keys', 'secret'],
  ['firebase_phone', 'access_token'],
  ['acme', 'token'],
  ['', 'auth_key'],
  ['', 'auth_secret'],
  ['', 'signature'],
] as const;

const spellings: readonly ((outer: string, inner: string) => string)[] = [
  (outer, inner) => (outer === '' ? inner : `${outer}[${inner}]`),
  (outer, inner) => `${outer}%5B${inner}%5D`,
  (outer, inner) => `${outer}%255B${inner}%255D`,
  (outer, inner) => `${outer}.${inner}`,
  (outer, inner) => `${outer}_${inner}`,
  (outer, inner) => `${outer}[${inner}`,
  (outer, inner) => `${outer}${inner}]`,
  (outer, inner) => `${outer}[${inner}][]`,
  (outer, inner) => `a[${outer}][${inner}]`,
  (outer, inner) => `"${outer}[${inner}]"`,
  (_, inner) => inner,
  (_, inner) => `[${inner}]`,
  (_, inner) => inner.slice(1),
  (_, inner) => inner.toUpperCase(),
  (_, inner) => ` ${inner} `,
  () => 'scope',
  () => 'provider',
  () => 'user[login]',
  () => 'nonce',
  () => '',
];

const harmless = [
  'application_id=1',
  'auth_key=ak',
  'nonce=7',
  'timestamp=1572434294',
  'provider=facebook',
  'user[login]=anna',
  'user[email]=anna@example.com',
  'login=anna',
  'user.login=anna',
  'firebase_phone[project_id]=app',
].map((pair) => pair.split('=') as [string, string]);

/** Builds a damaged request around a marker. */
export const damaged: fc.Arbitrary<Damaged> = fc
  .record({
    value: marker,
    name: fc.constantFrom(...secrets),
    spell: fc.constantFrom(...spellings),
    front: fc.shuffledSubarray(harmless),
    behind: fc.shuffledSubarray(harmless),
    separators: fc.array(fc.constantFrom(...separators), { minLength: 1, maxLength: 3 }),
    assign: fc.constantFrom(...assignments),
    encode: fc.constantFrom<(text: string) => string>(
      (text) => text,
      encodeURIComponent,
      (text) => encodeURIComponent(encodeURIComponent(text)),
      encodeURI,
      (text) => JSON.stringify(text),
      (text) => `{"body":${JSON.stringify(text)}}`,
      (text) => `{"nonce":${JSON.stringify(text)}}`,
      (text) => `{"user":{"login":${JSON.stringify(text)}}}`,
      (text) => `{${JSON.stringify(text)}:1}`,
      (text) => `{"application_id":1,${text}}`,
      (text) => `nonce=${text}`,
      (text) => `${text}&`,
      (text) => `${text}\n`,
    ),
    json: fc.constantFrom('text', 'flat', 'nested', 'name'),
  })
  .map(({ value, name: [outer, inner], spell, assign, json, encode, ...rest }) => {
    const damage: [string, string] = json === 'name' ? [value, ''] : [spell(outer, inner), value];
    const pairs = [...rest.front, damage, ...rest.behind];
    const joined = pairs
      .map(([key, one], at) => {
        const separator = at === 0 ? '' : (rest.separators[at % rest.separators.length] ?? '&');
        return `${separator}${key}${key === damage[0] ? assign : '='}${one}`;
      })
      .join('');
    // what a parser that knows no other separator makes of it
    const parameters = { ...Object.fromEntries(new URLSearchParams(joined)), ...Object.fromEntries(pairs) };
    if (json === 'text' || json === 'name') return { text: encode(joined), parameters };
    const nested = { ...parameters, [outer]: { [inner]: value, [value]: inner, login: joined } };
    return { text: JSON.stringify(json === 'flat' ? parameters : nested), parameters };
  });

import { type HostileCase, membersCase } from './case.ts';

/** Rows 18 to 27: the caller. @see HypeLabs fact sheet §9. */
export const callerCases: readonly HostileCase[] = [
  membersCase(18, 'no api_user', 'denied', { api_user: undefined }),
  membersCase(19, 'no secret', 'denied', { api_secret: undefined }),
  membersCase(20, 'wrong secret', 'denied', { api_secret: 'not the secret at all' }),
  secretCase(20, 'secret one character short', (secret) => secret.slice(0, -1)),
  secretCase(20, 'secret one character long', (secret) => `${secret}x`),
  secretCase(20, 'secret in other case', swapCase),
  membersCase(21, 'empty secret', 'denied', { api_secret: '' }),
  membersCase(22, 'secret a number', 'denied', { api_secret: 7 }),
  membersCase(22, 'secret a list', 'denied', { api_secret: ['x'] }),
  membersCase(22, 'secret an object', 'denied', { api_secret: {} }),
  membersCase(22, 'secret null', 'denied', { api_secret: null }),
  {
    row: 23,
    name: 'api_password alone',
    expected: 'processed',
    build: ({ apiSecret }) => ({ members: { api_secret: undefined, api_password: apiSecret } }),
  },
  {
    row: 24,
    name: 'api_secret and api_password, equal',
    expected: 'processed',
    build: ({ apiSecret }) => ({ members: { api_password: apiSecret } }),
  },
  membersCase(25, 'api_secret and api_password, different', 400, { api_password: 'another one' }),
  {
    row: 26,
    name: "another app's secret",
    expected: 'denied',
    build: ({ otherSecret }) =>
      otherSecret === undefined ? 'the emulator has no other app' : { members: { api_secret: otherSecret } },
  },
  secretCase(27, 'secret with a space after it', (secret) => `${secret} `),
  secretCase(27, 'secret composed differently', (secret) => {
    const decomposed = secret.normalize('NFD');
    return decomposed === secret ? secret.normalize('NFC') : decomposed;
  }),
];

const token = 'access_token';

/** Rows 28 to 44: what describes the device. @see HypeLabs fact sheet §9. */
export const deviceCases: readonly HostileCase[] = [
  membersCase(28, 'no token', 'denied', { [token]: undefined }),
  membersCase(28, 'token null', 'denied', { [token]: null }),
  membersCase(28, 'token empty', 'denied', { [token]: '' }),
  membersCase(29, 'token a number', 400, { [token]: 123456789 }),
  membersCase(30, 'token an object', 400, { [token]: {} }),
  membersCase(30, 'token a list', 400, { [token]: ['x'] }),
  membersCase(31, 'token of 9,000 characters', 'denied', { [token]: 'x'.repeat(9000) }),
  ...Object.entries({ 'a space': 'a b', 'a line break': 'a\nb', NUL: 'a\0b', 'non-ASCII': 'a\u00e9' }).map(
    ([name, value]) => membersCase(32, `token with ${name}`, 'denied', { [token]: value }),
  ),
  {
    row: 33,
    name: 'token with its prefix left on',
    expected: 'denied',
    build: ({ accessToken, tokenType }) => ({ members: { [token]: `${tokenType} ${accessToken}` } }),
  },
  membersCase(34, 'no token type', 'denied', { token_type: undefined }),
  membersCase(34, 'token type null', 'denied', { token_type: null }),
  membersCase(34, 'token type empty', 'denied', { token_type: '' }),
  {
    row: 35,
    name: 'token type in small letters',
    expected: 'processed',
    build: ({ tokenType }) => ({ members: { token_type: tokenType.toLowerCase() } }),
  },
  {
    row: 35,
    name: 'token type in capitals',
    expected: 'processed',
    build: ({ tokenType }) => ({ members: { token_type: tokenType.toUpperCase() } }),
  },
  membersCase(36, 'token type with a space after it', 'denied', { token_type: 'Bearer ' }),
  membersCase(36, 'token type Bearer123', 'denied', { token_type: 'Bearer123' }),
  membersCase(37, 'token type a number', 400, { token_type: 7 }),
  membersCase(37, 'token type a list', 400, { token_type: ['Bearer'] }),
  ...['DPoP', 'mac', 'Basic'].map(typeCase),
  anonymousCase('no user identifier', undefined),
  anonymousCase('user identifier null', null),
  anonymousCase('user identifier empty', ''),
  {
    row: 39,
    name: 'no user identifier where one is required',
    expected: 'denied',
    build: ({ requireUserIdentifier }) => ({
      members: { user_identifier: undefined },
      ...(requireUserIdentifier ? {} : { variant: 'user-identifier-required' }),
    }),
  },
  {
    row: 40,
    name: 'user identifier as a number',
    expected: 'processed',
    build: ({ userIdentifier }) => ({ members: { user_identifier: userIdentifier } }),
  },
  {
    row: 40,
    name: 'user identifier as text',
    expected: 'processed',
    build: ({ userIdentifier }) => ({ members: { user_identifier: String(userIdentifier) } }),
  },
  ...[0, '0', 2147483647].map((value) =>
    membersCase(40, `user identifier ${JSON.stringify(value)}`, 'processed-or-denied', { user_identifier: value }),
  ),
  ...[2147483648, -1, 1.5].map((value) => userCase(41, JSON.stringify(value))),
  userCase(41, '1e400'),
  ...['01', '+1', ' 1', '0x1', 'abc', '\u0661'].map((value) => userCase(42, JSON.stringify(value))),
  ...['true', '{}', '[1]'].map((value) => userCase(43, value)),
  {
    row: 44,
    name: "another user's identifier",
    expected: 'denied',
    build: ({ otherUserIdentifier }) => ({ members: { user_identifier: otherUserIdentifier } }),
  },
];

/** No service can allow DPoP (§6.4). */
function typeCase(type: string): HostileCase {
  return {
    row: 38,
    name: `token type ${type}`,
    expected: 'denied',
    build: ({ allowedTokenTypes }) =>
      type !== 'DPoP' && allowedTokenTypes.has(type.toLowerCase())
        ? `the service allows the type ${type}`
        : { members: { token_type: type } },
  };
}

function anonymousCase(name: string, value: null | '' | undefined): HostileCase {
  return {
    row: 39,
    name,
    expected: 'processed',
    build: ({ requireUserIdentifier }) =>
      requireUserIdentifier ? 'the service requires a user identifier' : { members: { user_identifier: value } },
  };
}

/** The value is spliced in as text, because not every one of them survives `JSON.stringify`. */
function userCase(row: number, value: string): HostileCase {
  return {
    row,
    name: `user identifier ${value}`,
    expected: 400,
    build: ({ members }) => ({ body: `${JSON.stringify(members).slice(0, -1)},"user_identifier":${value}}` }),
  };
}

function secretCase(row: number, name: string, spoil: (secret: string) => string): HostileCase {
  return {
    row,
    name,
    expected: 'denied',
    build: ({ apiSecret }) => {
      const spoilt = spoil(apiSecret);
      return spoilt === apiSecret ? 'the secret of the app has no other form' : { members: { api_secret: spoilt } };
    },
  };
}

function swapCase(text: string): string {
  return [...text].map((sign) => (sign === sign.toLowerCase() ? sign.toUpperCase() : sign.toLowerCase())).join('');
}

import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type ExplainSignatureOptions,
  explainSignature,
  formatSessionBody,
  normalizeParameters,
  type SignatureMistake,
  verifySessionSignature,
} from '../../src/signature/index.ts';
import vectors from '../vectors/signature.json' with { type: 'json' };

type Values = Readonly<Record<string, string>>;
const vector = (wanted: string) => {
  const found = vectors.find(({ name }) => name === wanted);
  assert.ok(found, `vector ${wanted}`);
  return found as (typeof vectors)[number] & { parameters: Values };
};
const sign = (secret: string | Buffer, text: string | Buffer, hash = 'sha1'): string =>
  createHmac(hash, secret).update(text).digest('hex');
const mistakesOf = (options: ExplainSignatureOptions): SignatureMistake[] =>
  explainSignature(options).findings.map(({ mistake }) => mistake);

const fit = suite('quickblox · explainSignature · what fits');

for (const { name, secret, parameters, normalized, sha1, sha256 } of vectors) {
  for (const hash of ['sha1', 'sha256'] as const) {
    const signature = hash === 'sha1' ? sha1 : sha256;
    const given = { ...(parameters as unknown as Values), signature };
    const bodies = {
      parameters: given,
      form: String(new URLSearchParams(given)),
      json: formatSessionBody(given, { secret, hash, encoding: 'json' }).body,
    };
    for (const [encoding, sent] of Object.entries(bodies)) {
      fit(`finds nothing wrong with ${name} by ${hash} as ${encoding}`, () => {
        const { fits, findings } = explainSignature({ sent, secret, hash });
        assert.equal([fits, findings], [true, []]);
      });

      fit(`tells the other hash from ${name} by ${hash} as ${encoding}`, () => {
        const other = hash === 'sha1' ? 'sha256' : 'sha1';
        const { fits, findings } = explainSignature({ sent, secret, hash: other });
        assert.equal([fits, findings.map(({ mistake }) => mistake)], [false, ['hash-other']]);
      });
    }

    fit(`finds nothing wrong with the text of ${name} by ${hash} alone`, () => {
      const { fits, findings } = explainSignature({ signed: normalized, signature, secret, hash });
      assert.equal([fits, findings], [true, []]);
    });
  }
}

fit.run();

/** Digests that a known mistake produces: QuickBlox fact sheet §9, "Negative controls", whole. */
const controls: readonly [name: string, digest: string, ...mistakes: SignatureMistake[]][] = [
  ['V1', 'c6ec141f06818487b11067a2bea67b1938fc9398', 'times-corrupted'],
  ['V1', '6521e3798b9134f5efc7628241b70f0654606a99', 'times-corrupted', 'markdown-escaped'],
  ['V1', '5d7338f4bd5adc5f144f4ead156bae02d6d1c8f6', 'key-and-message-swapped'],
  ['V2', '0c2ef90a9c97c7e03fa16e7ceb8f6998b7d74f4f', 'brackets-encoded'],
  ['V4', 'b0a72036b12ea90930ca72023ce60921f50a334b', 'provider-unsigned'],
];
const control = suite('quickblox · explainSignature · negative controls');
for (const [name, signature, ...mistakes] of controls) {
  control(`explains the control of ${name} by ${mistakes.join(' and ')}`, () => {
    const { secret, parameters } = vector(name);
    const { fits, findings } = explainSignature({ sent: parameters, signature, secret });
    assert.equal([fits, findings.map(({ mistake }) => mistake)], [false, mistakes]);
  });
}
control.run();

const secret = 'YYXAU8BEYBfv0Fn';
const e2 = vector('E2');
const e3 = vector('E3');
const json = JSON.stringify;
const base = { application_id: '1', auth_key: 'ak', nonce: '2', timestamp: '1572434294' };
const baseText = 'application_id=1&auth_key=ak&nonce=2&timestamp=1572434294';
const anna = { ...base, 'user[login]': 'anna', 'user[password]': "it's 1+1" };
const annaText = `${baseText}&user[login]=anna&user[password]=it's 1+1`;

/** What was sent, which text was signed in its place, and the mistakes that led there. */
type Row = readonly [what: string, sent: string | object, signed: string, ...mistakes: SignatureMistake[]];

const rows: readonly Row[] = [
  ['values percent-encoded', anna, annaText.replace("it's 1+1", 'it%27s%201%2B1'), 'values-encoded'],
  ['values encoded by the platform', anna, annaText.replace("it's 1+1", "it's%201%2B1"), 'values-encoded'],
  ['values encoded as a form', anna, annaText.replace("it's 1+1", 'it%27s+1%2B1'), 'values-encoded'],
  [
    'a form’s own values',
    'application_id=1&auth_key=ak&nonce=2&timestamp=1572434294&user%5Blogin%5D=%61nna',
    `${baseText}&user[login]=%61nna`,
    'values-encoded',
    'password-missing',
  ],
  ['brackets encoded', anna, annaText.replaceAll('[', '%5B').replaceAll(']', '%5D'), 'brackets-encoded'],
  [
    'names and values encoded',
    anna,
    annaText.replaceAll('[', '%5B').replaceAll(']', '%5D').replace("it's 1+1", 'it%27s%201%2B1'),
    'values-encoded',
    'brackets-encoded',
  ],
  [
    'a plus that was not escaped',
    'application_id=1&auth_key=ak&nonce=2&timestamp=1572434294&user[email]=a+b@example.com&user[password]=p',
    `${baseText}&user[email]=a+b@example.com&user[password]=p`,
    'plus-unescaped',
  ],
  ['values escaped for HTML', e2.parameters, e2.normalized.replace('w&rd', 'w&amp;rd'), 'html-escaped'],
  ['separators escaped for HTML', base, baseText.replaceAll('&', '&amp;'), 'html-escaped'],
  ['the guide’s underscores', base, baseText.replaceAll('_', '\\_'), 'markdown-escaped'],
  ['the guide’s underscores and ampersands', base, baseText.replaceAll(/[_&]/g, '\\$&'), 'markdown-escaped'],
  ['the guide’s ×', base, baseText.replace('&timestamp', '×tamp'), 'times-corrupted'],
  ['a line break at the end', base, `${baseText}\n`, 'newline-added'],
  ['a line break of Windows', base, `${baseText}\r\n`, 'newline-added'],
  ['a question mark', base, `?${baseText}`, 'separator-other'],
  ['an ampersand in front', base, `&${baseText}`, 'separator-other'],
  ['an ampersand at the end', base, `${baseText}&`, 'separator-other'],
  ['no separators', base, baseText.replaceAll('&', ''), 'separator-other'],
  ['a decomposed letter', e3.parameters, e3.normalized.normalize('NFD'), 'unicode-form'],
  [
    'a composed letter',
    { ...base, 'user[login]': 'zoe\u0308', 'user[password]': 'p' },
    `${baseText}&user[login]=zoë&user[password]=p`,
    'unicode-form',
  ],
  [
    'the order of sending',
    { timestamp: '1572434294', nonce: '2', auth_key: 'ak', application_id: '1' },
    'timestamp=1572434294&nonce=2&auth_key=ak&application_id=1',
    'order-of-sending',
  ],
  [
    'a dictionary’s order',
    { ...base, B: '1', a: '2' },
    `a=2&${baseText.replace('&nonce', '&B=1&nonce')}`,
    'order-by-locale',
  ],
  [
    'the order of the values',
    { ...base, auth_key: 'zz' },
    'application_id=1&timestamp=1572434294&nonce=2&auth_key=zz',
    'order-by-value',
  ],
  ['a group as an object', anna, `${baseText}&user=[object Object]`, 'group-not-flattened'],
  ['a group as JSON', anna, `${baseText}&user=${json({ login: 'anna', password: "it's 1+1" })}`, 'group-not-flattened'],
  [
    'a group as the JSON that was sent',
    json({ ...base, user: { password: 'p', login: 'a', age: 7 } }),
    `${baseText}&user=${json({ password: 'p', login: 'a', age: 7 })}`,
    'group-not-flattened',
  ],
  [
    'a group without its name',
    anna,
    `application_id=1&auth_key=ak&login=anna&nonce=2&password=it's 1+1&timestamp=1572434294`,
    'group-not-flattened',
  ],
  ['a group with dots', anna, annaText.replaceAll(/\[(\w+)\]/g, '.$1'), 'group-not-flattened'],
  ['the JSON text', json(base), json(base), 'json-signed'],
  [
    'a member that is null',
    json({ ...base, scope: null }),
    'application_id=1&auth_key=ak&nonce=2&scope=null&timestamp=1572434294',
    'absent-signed',
  ],
  [
    'a member that is undefined',
    { ...base, scope: undefined },
    'application_id=1&auth_key=ak&nonce=2&scope=undefined&timestamp=1572434294',
    'absent-signed',
  ],
  [
    'the secret among the parameters',
    base,
    `application_id=1&auth_key=ak&auth_secret=${secret}&nonce=2&timestamp=1572434294`,
    'secret-signed',
  ],
  ['the signature’s own name', base, baseText.replace('&timestamp', '&signature=&timestamp'), 'signature-signed'],
  ['no extra parameter', { ...base, extra: 'x' }, baseText, 'parameter-unsigned'],
  [
    'neither of two extras',
    { ...base, scope: 'x', 'user[owner_id]': '7' },
    baseText,
    'parameter-unsigned',
    'parameter-unsigned',
  ],
  ['a secret that was sent, unsigned', { ...base, auth_secret: secret }, baseText, 'parameter-unsigned', 'secret-sent'],
  [
    'a secret that was sent under another name',
    { ...base, extra: `my ${secret}` },
    `application_id=1&auth_key=ak&extra=my ${secret}&nonce=2&timestamp=1572434294`,
    'secret-sent',
  ],
  [
    'whole seconds of a fraction',
    { ...base, timestamp: '1572434294.5' },
    baseText,
    'value-differs',
    'timestamp-fraction',
  ],
  ['a fraction itself', { ...base, timestamp: '1572434294.5' }, `${baseText}.5`, 'timestamp-fraction'],
  ['milliseconds of seconds', base, `${baseText}000`, 'value-differs'],
  ['milliseconds themselves', { ...base, timestamp: '1572434294123' }, `${baseText}123`, 'timestamp-milliseconds'],
  ['a timestamp made a second earlier', base, baseText.replace('4294', '4293'), 'value-differs'],
  [
    'login and e-mail',
    { ...anna, 'user[email]': 'a@b' },
    annaText.replace('&user[login]', '&user[email]=a@b&user[login]'),
    'login-and-email',
  ],
  ['a login without its password', { ...base, 'user[login]': 'a' }, `${baseText}&user[login]=a`, 'password-missing'],
  [
    'a token without its provider',
    { ...base, 'keys[token]': 't' },
    baseText.replace('&nonce', '&keys[token]=t&nonce'),
    'provider-missing',
  ],
  [
    'a provider that was not sent',
    { ...base, 'keys[token]': 't' },
    'application_id=1&auth_key=ak&keys[token]=t&nonce=2&provider=facebook&timestamp=1572434294',
    'provider-missing',
  ],
  [
    'the text “undefined”',
    { ...base, scope: 'undefined' },
    baseText.replace('&timestamp', '&scope=undefined&timestamp'),
    'absent-sent',
  ],
  [
    'a word for a timestamp',
    { ...base, timestamp: 'now' },
    baseText.replace('1572434294', 'now'),
    'timestamp-malformed',
  ],
  [
    'a nonce too few',
    { application_id: '1', auth_key: 'ak', timestamp: '1' },
    'application_id=1&auth_key=ak&timestamp=1',
    'parameter-missing',
  ],
  [
    'a dictionary’s order and a line break',
    { ...base, B: '1' },
    `${baseText.replace('&nonce', '&B=1&nonce')}\n`,
    'order-by-locale',
    'newline-added',
  ],
  [
    'all that RFC 3986 reserves, encoded',
    { ...base, 'z[z]': "!'()*" },
    `${baseText}&z[z]=%21%27%28%29%2A`,
    'values-encoded',
  ],
  [
    'all that HTML reserves, escaped',
    { ...base, zone: `<a href="#">&'` },
    `${baseText}&zone=&lt;a href=&quot;#&quot;&gt;&amp;&#39;`,
    'html-escaped',
  ],
  ['separators as commas', base, baseText.replaceAll('&', ','), 'separator-other'],
  ['separators as commas and spaces', base, baseText.replaceAll('&', ', '), 'separator-other'],
  ['separators as semicolons', base, baseText.replaceAll('&', ';'), 'separator-other'],
  ['separators as lines', base, baseText.replaceAll('&', '\n'), 'separator-other'],
  ['separators twice', base, baseText.replaceAll('&', '&&'), 'separator-other'],
  [
    'the order of the values, two of them alike',
    { ...base, zone: '1', auth_key: 'zz' },
    'application_id=1&zone=1&timestamp=1572434294&nonce=2&auth_key=zz',
    'order-by-value',
  ],
  [
    'a member that is null as nothing',
    json({ ...base, scope: null }),
    'application_id=1&auth_key=ak&nonce=2&scope=&timestamp=1572434294',
    'absent-signed',
  ],
  [
    'the secret under its short name',
    base,
    baseText.replace('&timestamp', `&secret=${secret}&timestamp`),
    'secret-signed',
  ],
  ...['application_id', 'auth_key', 'nonce', 'timestamp'].map((name): Row => {
    const others = baseText.split('&').filter((pair) => !pair.startsWith(name));
    return [`no ${name}`, base, others.join('&'), 'parameter-unsigned'];
  }),
  ...[-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6].map((off): Row => {
    const signed = baseText.replace('4294', `${4294 + off}`);
    return [`a timestamp ${off} seconds off`, base, signed, Math.abs(off) < 6 ? 'value-differs' : 'unexplained'];
  }),
  [
    'a fraction rounded up',
    { ...base, timestamp: '1572434294.5' },
    baseText.replace('4294', '4295'),
    'value-differs',
    'timestamp-fraction',
  ],
  [
    'seconds of milliseconds',
    { ...base, timestamp: '1572434294123' },
    baseText,
    'value-differs',
    'timestamp-milliseconds',
  ],
  [
    'no number of a word',
    { ...base, timestamp: 'now' },
    baseText.replace('1572434294', 'NaN'),
    'unexplained',
    'timestamp-malformed',
  ],
  [
    'Twitter, which was not sent',
    { ...base, 'keys[token]': 't' },
    baseText.replace('&nonce=2', '&keys[token]=t&nonce=2&provider=twitter'),
    'provider-missing',
  ],
  [
    'Firebase, which was not sent',
    { ...base, 'firebase_phone[project_id]': 'p' },
    baseText.replace('&nonce=2', '&firebase_phone[project_id]=p&nonce=2&provider=firebase_phone'),
    'provider-missing',
  ],
  [
    'a provider where no token asks for one',
    { ...base, 'monkeys[token]': 't' },
    baseText.replace('&nonce=2', '&monkeys[token]=t&nonce=2&provider=facebook'),
    'unexplained',
  ],
  [
    'a provider where no telephone asks for one',
    { ...base, 'my_firebase_phone[x]': 'y' },
    baseText.replace('&nonce=2', '&my_firebase_phone[x]=y&nonce=2&provider=firebase_phone'),
    'unexplained',
  ],
  [
    'two providers',
    { ...base, 'keys[token]': 't', provider: 'facebook' },
    baseText.replace('&nonce=2', '&keys[token]=t&nonce=2&provider=facebook&provider=twitter'),
    'unexplained',
  ],
  ['undefined for every value', json(base), baseText.replaceAll(/=[^&]+/g, '=undefined'), 'unexplained'],
  [
    'names that are like groups and are none, beside one',
    { ...base, 'a[b]c': '1', 'u[v][w]': '2', '[x]': '3', 'y[]': '4', 'user[id]': '5' },
    `[x]=3&a[b]c=1&${baseText}&u[v][w]=2&user.id=5&y[]=4`,
    'group-not-flattened',
  ],
  [
    'names that are like groups and are none, beside an object',
    { ...base, 'a[b]c': '1', 'u[v][w]': '2', '[x]': '3', 'y[]': '4', 'user[id]': '5' },
    `[x]=3&a[b]c=1&${baseText}&u[v][w]=2&user={"id":"5"}&y[]=4`,
    'group-not-flattened',
  ],
  [
    'whole seconds of a number with a fraction in JSON',
    '{"application_id":"1","auth_key":"ak","nonce":"2","timestamp":1572434294.0}',
    baseText,
    'value-differs',
    'timestamp-fraction',
  ],
  [
    'a number’s fraction itself in JSON',
    '{"application_id":"1","auth_key":"ak","nonce":"2","timestamp":1572434294.0}',
    `${baseText}.0`,
    'timestamp-fraction',
  ],
  [
    'a nonce as another program writes it',
    '{"application_id":1,"auth_key":"ak","nonce":2.0,"timestamp":1572434294}',
    baseText,
    'number-not-whole',
  ],
  [
    'a nonce with an exponent, signed so',
    '{"application_id":1,"auth_key":"ak","nonce":2E0,"timestamp":1572434294}',
    baseText.replace('nonce=2', 'nonce=2E0'),
    'number-not-whole',
  ],
  [
    'the JSON text with numbers as they were written',
    '{ "application_id": 1, "auth_key": "ak", "nonce": 9007199254740993, "timestamp": 1572434294, "user": {"id": 7.0} }',
    '{"application_id":1,"auth_key":"ak","nonce":9007199254740993,"timestamp":1572434294,"user":{"id":7.0}}',
    'json-signed',
  ],
  ['an empty object where a form was sent', String(new URLSearchParams(base)), '{}', 'unexplained'],
  [
    'values and separators escaped for HTML',
    { ...base, zone: 'a<b' },
    `${baseText}&zone=a&lt;b`.replaceAll(/&(?!lt;)/g, '&amp;'),
    'unexplained',
  ],
  [
    'an ampersand that was not escaped',
    'application_id=1&auth_key=ak&nonce=2&timestamp=1572434294&user[login]=a&user[password]=p&q',
    `${baseText}&user[login]=a&user[password]=p&q`,
    'ampersand-unescaped',
  ],
  [
    'an ampersand that was not escaped, in what looks like the order of sending',
    'application_id=1&auth_key=ak&nonce=2&timestamp=1572434294&user[login]=a&user[password]=p&q=1',
    `${baseText}&user[login]=a&user[password]=p&q=1`,
    'ampersand-unescaped',
  ],
  [
    'ampersands, a plus and a percent sign that were not escaped, behind others that are',
    'user%5Bpassword%5D=p&q+1%20&r=&&user[login]=a&application_id=1&auth_key=ak&nonce=2&timestamp=1572434294',
    `${baseText}&user[login]=a&user[password]=p&q+1%20&r=`,
    'ampersand-unescaped',
    'plus-unescaped',
  ],
  [
    'an ampersand and a plus that were not escaped, in a value that is',
    'application_id=1&auth_key=ak&keys[token]=a&b+c%3D&nonce=2&provider=facebook&timestamp=1572434294',
    baseText.replace('&nonce=2', '&keys[token]=a&b+c=&nonce=2&provider=facebook'),
    'ampersand-unescaped',
    'plus-unescaped',
  ],
  [
    'an ampersand in a value that is escaped otherwise',
    'application_id=1&auth_key=ak&keys[token]=a&b+c%3D&nonce=2&provider=facebook&timestamp=1572434294',
    baseText.replace('&nonce=2', '&keys[token]=a&b c=&nonce=2&provider=facebook'),
    'ampersand-unescaped',
  ],
  [
    'the order of sending, where the value before the unknown name holds no ampersand',
    'application_id=1&auth_key=ak&nonce=2&timestamp=1572434294&extra=1',
    `${baseText}&extra=1`,
    'order-of-sending',
  ],
  [
    'a form that was encoded twice',
    'application_id=1&auth_key=ak&nonce=2&timestamp=1572434294&user[login]=a%2540b%2526c&user[password]=p',
    `${baseText}&user[login]=a@b&c&user[password]=p`,
    'encoded-twice',
  ],
  [
    'a form that was encoded twice, names and all',
    'application_id=1&auth_key=ak&nonce=2&timestamp=1572434294&user%255Blogin%255D=a%2540b&user%255Bpassword%255D=p',
    `${baseText}&user[login]=a@b&user[password]=p`,
    'encoded-twice',
  ],
  ['JSON with values encoded', json({ ...base, zone: 'a%26b' }), `${baseText}&zone=a&b`, 'encoded-twice'],
  ['the text encoded as a URL', e2.parameters, encodeURI(e2.normalized), 'values-encoded'],
  ['the text encoded whole', base, encodeURIComponent(baseText), 'values-encoded'],
  [
    'values encoded in small letters',
    anna,
    annaText.replace('1+1', '1%2b1').replace("'s ", '%27s%20'),
    'values-encoded',
  ],
  ['values encoded as a form in small letters', anna, annaText.replace("it's 1+1", 'it%27s+1%2b1'), 'values-encoded'],
  [
    'the e-mail address encoded alone',
    { ...base, 'user[email]': 'a@b', 'user[password]': 'p@p' },
    `${baseText}&user[email]=a%40b&user[password]=p@p`,
    'values-encoded',
  ],
  ['an apostrophe as PHP escapes it', anna, annaText.replace("'", '&#039;'), 'html-escaped'],
  ['an apostrophe as Python escapes it', anna, annaText.replace("'", '&#x27;'), 'html-escaped'],
  [
    'the JSON text as Python writes it',
    json({ ...base, user: { full_name: 'a: b,c"', id: 7 } }),
    '{"application_id": "1", "auth_key": "ak", "nonce": "2", "timestamp": "1572434294", ' +
      '"user": {"full_name": "a: b,c\\"", "id": 7}}',
    'json-signed',
  ],
  ...['', 'null', 'undefined', 'None'].flatMap((value): Row[] => [
    [
      `a scope that is not sent, as “${value}”`,
      { ...base, 'keys[token]': 't', provider: 'facebook' },
      baseText.replace('&nonce=2', `&keys[token]=t&nonce=2&provider=facebook&scope=${value}`),
      'absent-signed',
    ],
    [
      `a token’s secret that is not sent, as “${value}”`,
      { ...base, 'keys[token]': 't', provider: 'facebook' },
      baseText.replace('&nonce=2', `&keys[secret]=${value}&keys[token]=t&nonce=2&provider=facebook`),
      'absent-signed',
    ],
    [
      `an e-mail address that is not sent, as “${value}”`,
      anna,
      annaText.replace('&user', `&user[email]=${value}&user`),
      'absent-signed',
    ],
    [
      `a login that is not sent, as “${value}”`,
      { ...base, 'user[email]': 'a', 'user[password]': 'p' },
      `${baseText}&user[email]=a&user[login]=${value}&user[password]=p`,
      'absent-signed',
    ],
  ]),
  [
    'the application’s parameters alone of a login by telephone',
    { ...base, provider: 'firebase_phone', 'firebase_phone[project_id]': 'p', 'firebase_phone[access_token]': 't' },
    baseText,
    'provider-unsigned',
    'parameter-unsigned',
    'parameter-unsigned',
  ],
  ['none of three parameters of nobody’s', { ...anna, aa: '1', bb: '2', cc: '3' }, annaText, 'parameter-unsigned'],
  ['milliseconds, of which the seconds are sent', base, `${baseText}123`, 'value-differs', 'timestamp-milliseconds'],
  ['the last of the milliseconds', base, `${baseText}999`, 'value-differs', 'timestamp-milliseconds'],
  [
    'a user in its group, who is sent without one',
    { ...base, login: 'a', password: 'p' },
    `${baseText}&user[login]=a&user[password]=p`,
    'user-not-grouped',
  ],
  ['something else', base, 'something else', 'unexplained'],
];

const row = suite('quickblox · explainSignature · from what was sent');
for (const [what, sent, signed, ...mistakes] of rows) {
  for (const hash of ['sha1', 'sha256'] as const) {
    row(`finds ${what} by ${hash}`, () => {
      const signature = sign(secret, signed, hash);
      assert.equal(mistakesOf({ sent: sent as string, signature, secret, hash }), mistakes);
    });
  }

  if (mistakes[0] !== 'unexplained') {
    row(`finds ${what} from the signed text, with and without its signature`, () => {
      const known = { sent: sent as string, signed, secret };
      assert.equal(mistakesOf(known), mistakes);
      assert.equal(mistakesOf({ ...known, signature: sign(secret, signed) }), mistakes);
    });
  }
}

row('finds the JSON text that was signed before the signature was put in', () => {
  const sent = json({ ...base, signature: sign(secret, json(base)) });
  assert.equal(mistakesOf({ sent, secret }), ['json-signed']);
});

for (const [what, sent, signed, ...named] of [
  ['an extra parameter', { ...base, scope: 'x' }, baseText, 'scope'],
  ['no name that could be the end of a password', { ...base, extra: 'x' }, baseText, undefined],
  [
    'a member that is null',
    json({ ...base, scope: null }),
    `${baseText}`.replace('&timestamp', '&scope=&timestamp'),
    'scope',
  ],
  ['a timestamp that was made twice', base, baseText.replace('4294', '4295'), 'timestamp'],
  ['no name where the whole text is wrong', base, `${baseText}\n`, undefined],
] as const) {
  row(`names the parameter: ${what}`, () => {
    const { findings } = explainSignature({ sent, signature: sign(secret, signed), secret });
    assert.equal(
      findings.map(({ name }) => name),
      named,
    );
  });
}

for (const [what, part, mistake] of [
  ['a percent sign that escapes nothing', 'user[password]=50%', 'escape-malformed'],
  ['half an escape', 'user[password]=%4', 'escape-malformed'],
  ['letters of Latin-1', 'user[login]=zo%EB', 'form-not-utf8'],
  ['half a letter of UTF-8', 'user[login]=zo%C3', 'form-not-utf8'],
] as const) {
  row(`finds what no server reads alike: ${what}`, () => {
    const sent = `${baseText}&${part}&signature=${sign(secret, `${baseText}&${part}`)}`;
    const { fits, normalized, findings } = explainSignature({ sent, secret });
    assert.equal([fits, normalized, findings.map((one) => one.mistake)], [undefined, undefined, [mistake]]);
    assert.equal(verifySessionSignature(sent, { secret }), { ok: false, reason: 'body-unreadable' });
  });
}

row('reads a question mark in front of a form as a part of the first name, as servers do', () => {
  const sent = `?${baseText}&signature=${sign(secret, baseText)}`;
  assert.is(explainSignature({ sent, secret }).fits, false);
});

row('takes a short secret that stands in another word for no secret that was sent', () => {
  for (const [short, value, ...mistakes] of [
    ['test', 'ak_test'],
    ['as_test', 'my as_test'],
    ['as_test', 'as_test', 'secret-sent'],
    ['as_123456789', 'my as_123456789', 'secret-sent'],
  ] as const) {
    const sent = { ...base, zone: value, signature: sign(short, `${baseText}&zone=${value}`) };
    assert.equal(mistakesOf({ sent, secret: short }), mistakes);
  }
});

row('says of nothing finer than milliseconds that it is milliseconds', () => {
  const sent = { ...base, timestamp: '1572434294123456' };
  const [found] = explainSignature({ sent, signature: sign(secret, `${baseText}123456`), secret }).findings;
  assert.match(found?.text ?? '', /in milliseconds or something finer/);
});

row.run();

const right = { ...base, signature: sign(secret, baseText) };
const digest = (text: string): string => createHash('sha1').update(text).digest('hex');
const raw = createHmac('sha1', secret).update(baseText).digest();

/** A signature that is wrong in how it was computed or written. */
const computed: readonly [what: string, signature: string, ...mistakes: SignatureMistake[]][] = [
  ['swapped', sign(baseText, secret), 'key-and-message-swapped'],
  ['without a key', digest(baseText), 'not-hmac'],
  ['with the secret in front', digest(secret + baseText), 'not-hmac'],
  ['with the secret behind', digest(baseText + secret), 'not-hmac'],
  ['with the authorization key', sign('ak', baseText), 'key-is-auth-key'],
  ['with a line break after the secret', sign(`${secret}\n`, baseText), 'secret-surrounded'],
  ['with a space before the secret', sign(` ${secret}`, baseText), 'secret-surrounded'],
  ['with quotes around the secret', sign(`"${secret}"`, baseText), 'secret-surrounded'],
  ['with other quotes around the secret', sign(`'${secret}'`, baseText), 'secret-surrounded'],
  ['by MD5', sign(secret, baseText, 'md5'), 'hash-other'],
  ['by SHA-512', sign(secret, baseText, 'sha512'), 'hash-other'],
  ['by SHA-256, swapped', sign(baseText, secret, 'sha256'), 'hash-other', 'key-and-message-swapped'],
  ['in capitals', raw.toString('hex').toUpperCase(), 'signature-upper-case'],
  ['in base64', raw.toString('base64'), 'signature-base64'],
  ['in base64url', raw.toString('base64url'), 'signature-base64'],
  ['as hex in base64', Buffer.from(raw.toString('hex')).toString('base64'), 'signature-base64'],
  ['in quotes', `"${raw.toString('hex')}"`, 'signature-surrounded'],
  ['with a line break', `${raw.toString('hex')}\n`, 'signature-surrounded'],
  [
    'in capitals and in quotes',
    `'${raw.toString('hex').toUpperCase()}'`,
    'signature-surrounded',
    'signature-upper-case',
  ],
  ['cut short', raw.toString('hex').slice(2), 'signature-malformed'],
  ['as words', 'not a signature', 'signature-malformed'],
  ['of nothing known', sign('other', 'other'), 'unexplained'],
];
const compute = suite('quickblox · explainSignature · computation');
for (const [what, signature, ...mistakes] of computed) {
  compute(`finds a signature ${what}`, () => {
    assert.equal(mistakesOf({ sent: right, signature, secret }), mistakes);
    if (mistakes[0] === 'unexplained') return;
    assert.equal(mistakesOf({ sent: right, signed: baseText, signature, secret }), mistakes);
    assert.equal(mistakesOf({ signed: baseText, signature, secret }), mistakes);
  });
}

compute('finds a secret that was decoded, or trimmed on the other side', () => {
  const hex = 'a1b2c3d4';
  assert.equal(mistakesOf({ sent: base, signature: sign(Buffer.from(hex, 'hex'), baseText), secret: hex }), [
    'secret-decoded',
  ]);
  assert.equal(mistakesOf({ sent: base, signature: sign('s', baseText), secret: 's\n' }), ['secret-surrounded']);
});

compute('finds Latin-1 in the place of UTF-8', () => {
  const signature = sign(secret, Buffer.from(`${baseText}&user[login]=zoë&user[password]=p`, 'latin1'));
  const sent = { ...base, 'user[login]': 'zoë', 'user[password]': 'p' };
  assert.equal(mistakesOf({ sent, signature, secret }), ['text-not-utf8']);
});

compute('finds a mistake of the computation beside one of the text, and no third one', () => {
  const sent = { ...base, B: '1' };
  const byLocale = baseText.replace('&nonce', '&B=1&nonce');
  assert.equal(mistakesOf({ sent, signature: sign(byLocale, secret), secret }), [
    'key-and-message-swapped',
    'order-by-locale',
  ]);
  assert.equal(mistakesOf({ sent, signature: sign(`${byLocale}\n`, secret), secret }), ['unexplained']);
});

compute('says so when there is no signature', () => {
  const { fits, findings } = explainSignature({ sent: base, secret });
  assert.equal([fits, findings.map(({ mistake }) => mistake)], [undefined, ['signature-missing']]);
});

compute('tells a text from the signature of another', () => {
  const signature = sign('other secret', baseText);
  assert.equal(mistakesOf({ sent: base, signed: baseText, signature, secret }), ['signature-of-other-text']);
  const { fits, findings } = explainSignature({ sent: right, signed: 'anything', secret });
  assert.equal([fits, findings], [true, []], 'what was sent and its signature agree, whatever text is shown');
});

compute.run();

function signedBy(sent: Values): Values {
  return { ...sent, signature: sign(secret, normalizeParameters(sent)) };
}

const between = suite('quickblox · explainSignature · between two texts');

between('names a nonce, a timestamp and a password that were made twice', () => {
  const signed = annaText.replace('nonce=2', 'nonce=3').replace('1572434294', '1572430000').replace('1+1', 'two');
  assert.equal(
    explainSignature({ sent: anna, signed, secret }).findings.map(({ mistake, name }) => [mistake, name]),
    [
      ['value-differs', 'nonce'],
      ['value-differs', 'timestamp'],
      ['value-differs', 'user[password]'],
    ],
  );
});

between('names what was signed and not sent, and what was sent and not signed', () => {
  const signed = `${baseText.replace('nonce=2', 'nonce=3')}&user[login]=anna`;
  const sent = { ...base, scope: 'x' };
  assert.equal(
    explainSignature({ sent, signed, secret }).findings.map(({ mistake, name }) => [mistake, name]),
    [
      ['value-differs', 'nonce'],
      ['parameter-unsigned', 'scope'],
      ['parameter-not-sent', 'user[login]'],
    ],
  );
});

between('has nothing to say of the right pairs in an order of their own', () => {
  const signed = 'nonce=2&timestamp=1572434294&application_id=1&auth_key=ak';
  assert.equal(mistakesOf({ sent: base, signed, secret }), ['unexplained']);
});

between('is not misled by ampersands within a value', () => {
  assert.equal(mistakesOf({ sent: e2.parameters, signed: e2.normalized.replace('33431', '1'), secret }), [
    'value-differs',
  ]);
  assert.equal(mistakesOf({ signed: e2.normalized, signature: e2.sha1, secret: e2.secret }), []);
});

/** The guide's text as people copy it, with nothing known but the text. */
for (const [what, signed, ...mistakes] of [
  [
    'as printed',
    baseText.replace('&timestamp', '×tamp').replaceAll(/[_&]/g, '\\$&'),
    'times-corrupted',
    'markdown-escaped',
  ],
  ['with the ×', baseText.replace('&timestamp', '×tamp'), 'times-corrupted'],
  ['escaped for HTML', baseText.replaceAll('&', '&amp;'), 'html-escaped'],
  ['with a line break', `${baseText}\n`, 'newline-added'],
  ['with brackets encoded', annaText.replaceAll('[', '%5B').replaceAll(']', '%5D'), 'brackets-encoded'],
  ['with an ampersand at the end', `${baseText}&`, 'separator-other'],
  [
    'without the user’s group',
    `application_id=1&auth_key=ak&login=anna&nonce=2&password=p&timestamp=1572434294`,
    'group-not-flattened',
  ],
  ['with the user’s group as dots', annaText.replaceAll(/\[(\w+)\]/g, '.$1'), 'group-not-flattened'],
  ['joined with commas', baseText.replaceAll('&', ','), 'separator-other'],
  ['joined with commas and spaces', annaText.replaceAll('&', ', '), 'separator-other'],
  ['joined with semicolons', annaText.replaceAll('&', ';'), 'separator-other'],
  ['joined with line breaks', annaText.replaceAll('&', '\n'), 'separator-other'],
  ['joined with two ampersands', annaText.replaceAll('&', '&&'), 'separator-other'],
  ['with a password that looks like a login', `${annaText}&login=x`],
  ['in another order', `nonce=2&${baseText.replace('&nonce=2', '')}`, 'order-of-sending'],
  ['as it must be', annaText],
] as const) {
  between(`looks at a text alone: ${what}`, () => {
    assert.equal(mistakesOf({ signed, secret }), mistakes);
    assert.equal(mistakesOf({ signed, signature: sign(secret, signed), secret }), mistakes);
  });
}

for (const [what, given, ...found] of [
  ['bare', { login: 'anna', password: 'p' }, ['user-not-grouped', 'login']],
  ['bare, by e-mail', { email: 'a@b', password: 'p' }, ['user-not-grouped', 'email']],
  ['with dots', { 'user.login': 'anna', 'user.password': 'p' }, ['user-not-grouped', 'user.login']],
  ['in its group, beside another login', { 'user[login]': 'anna', 'user[password]': 'p', login: 'x' }],
  ['that only sounds like one', { mylogin: 'anna', 'user.login.x': 'p', login_: 'y' }],
] as const) {
  between(`tells whether a user is in its group, whatever the signature: ${what}`, () => {
    const sent = { ...base, ...given };
    const { fits, findings } = explainSignature({ sent: signedBy(sent), secret });
    assert.equal([fits, findings.map(({ mistake, name }) => [mistake, name])], [true, found]);
  });
}

for (const [what, given, ...found] of [
  ['an ampersand that was encoded', { 'user[login]': 'anna&user[password]=p', 'user[password]': 'p' }, 'user[login]'],
  [
    'an encoded ampersand, undone once too few',
    { 'user[email]': 'anna%26password%3Dp', 'user[password]': 'p' },
    'user[email]',
  ],
  ['a semicolon', { nonce: '2;user.login=anna' }, 'nonce'],
  ['a line break', { application_id: '1\nauth_key=ak' }, 'application_id'],
  ['a password that looks like that', { 'user[login]': 'anna', 'user[password]': 'a&nonce=7' }],
  ['a login that has no name in it', { 'user[login]': 'anna & otto = love', 'user[password]': 'p' }],
] as const) {
  between(`tells a value that holds another parameter: ${what}`, () => {
    const { fits, findings } = explainSignature({ sent: signedBy({ ...base, ...given }), secret });
    assert.equal(
      [fits, findings.map(({ mistake, name }) => [mistake, name])],
      [true, found.map((name) => ['value-joined', name])],
    );
  });
}

for (const [what, signed, ...found] of [
  ['parameters of a provider of one’s own', `${baseText.replace('&timestamp', '&provider=acme&region=eu&timestamp')}`],
  [
    'a name that is unknown, joined with a semicolon',
    `${baseText};user[pass]=p`,
    ['value-joined', 'timestamp'],
    ['timestamp-malformed', 'timestamp'],
  ],
] as const) {
  between(`holds against a signed text only what can be told from it: ${what}`, () => {
    const { fits, findings } = explainSignature({ signed, signature: sign(secret, signed), secret });
    assert.equal([fits, findings.map(({ mistake, name }) => [mistake, name])], [true, found]);
  });
}

between('names a login that was signed without its group', () => {
  const signed = 'application_id=1&auth_key=ak&login=otto&nonce=2&password=q&timestamp=1572434294';
  const { findings } = explainSignature({ sent: anna, signed, secret });
  assert.equal(
    findings.map(({ mistake, name }) => [mistake, name]),
    [
      ['parameter-unsigned', 'user[login]'],
      ['parameter-unsigned', 'user[password]'],
      ['parameter-not-sent', 'login'],
      ['parameter-not-sent', 'password'],
    ],
  );
});

between.run();

const closed = suite('quickblox · explainSignature · what it shows');

closed('does not show a name that may be the end of a password', () => {
  const sent = 'application_id=1&auth_key=ak&nonce=2&timestamp=1&user[login]=a&user[password]=p&marker=1';
  const { normalized, findings } = explainSignature({ sent, signature: sign(secret, 'x'), secret });
  assert.not.match(JSON.stringify({ normalized, findings }), /marker/);
  const signed = `${baseText}&marker=1`;
  assert.not.match(JSON.stringify(explainSignature({ sent: base, signed, secret })), /marker/);
});

closed('needs something to explain, a secret and a known hash', () => {
  assert.throws(() => explainSignature({ secret }), /^TypeError: sent or signed must be given$|sent or signed must/);
  assert.throws(() => explainSignature({ sent: base, secret: '' }), /secret must be text/);
  assert.throws(() => explainSignature({ sent: base, secret, hash: 'md5' as never }), /hash must be/);
});

for (const [what, sent, mistake] of [
  ['JSON that breaks off', '{"a":', 'body-unreadable'],
  ['JSON with a list', '{"a":[1]}', 'body-unreadable'],
  ['JSON with two levels', '{"a":{"b":{"c":1}}}', 'body-unreadable'],
  ['half a character', '{"a":"\\ud800"}', 'body-unreadable'],
  ['a list', [] as never, 'body-unreadable'],
  ['nothing', null as never, 'body-unreadable'],
  ['a parameter twice', 'a=1&a=2', 'parameter-repeated'],
  ['a parameter twice, nested and flat', '{"user[login]":"a","user":{"login":"b"}}', 'parameter-repeated'],
  ['a body that is long', 'a'.repeat(70_000), 'body-too-large'],
  ['a value that is long', `a=${'b'.repeat(20_000)}`, 'body-too-large'],
  ['many parameters', Array.from({ length: 40 }, (_, index) => `a${index}=1`).join('&'), 'body-too-large'],
] as const) {
  closed(`tells that it cannot read ${what}`, () => {
    const { fits, normalized, findings } = explainSignature({ sent, secret });
    assert.equal([fits, normalized, findings.map((one) => one.mistake)], [undefined, undefined, [mistake]]);
  });
}

closed('tells that it cannot read a signed text', () => {
  assert.equal(mistakesOf({ signed: '\ud800', secret }), ['text-unreadable']);
  assert.equal(mistakesOf({ signed: 7 as never, secret }), ['text-unreadable']);
  assert.equal(mistakesOf({ signed: 'a'.repeat(16_385), secret }), ['text-unreadable']);
  assert.not.equal(mistakesOf({ signed: 'a'.repeat(16_384), secret }), ['text-unreadable']);
});

closed.run();

const effort = suite('quickblox · explainSignature · effort');

/** Processor time, so that other processes do not count. */
function millisecondsOf(run: () => unknown, times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const longest = 16_000;
/** Where time grows with the length it is half of this on any machine, and where with its square twice as much. */
const mostShare = 0.8;

for (const [what, times, give] of [
  [
    'a signature with a run of spaces within',
    10,
    (length: number) => ({ sent: base, signature: `x${' "'.repeat(length / 2)}x` }),
  ],
  ['a signed text with a run of ampersands within', 1, (length: number) => ({ signed: `x${'&'.repeat(length)}x` })],
  [
    'a signed text of ampersands, against a value of them',
    1,
    (length: number) => ({ signed: 'a&'.repeat(length / 2), sent: { x: 'b&c'.repeat((length / 16) * 5) } }),
  ],
] as const) {
  effort(`does not grow with the square of ${what}`, () => {
    const [whole, part] = [give(longest), give(longest / 8)];
    const least = { whole: Number.POSITIVE_INFINITY, parts: Number.POSITIVE_INFINITY };
    const share = (): number => least.whole / least.parts;
    for (let round = 0; round < 3 || (round < 20 && share() > mostShare); round += 1) {
      least.parts = Math.min(
        least.parts,
        millisecondsOf(() => explainSignature({ ...part, secret }), 8 * times),
      );
      least.whole = Math.min(
        least.whole,
        millisecondsOf(() => explainSignature({ ...whole, secret }), times),
      );
    }
    assert.ok(share() <= mostShare, `${least.whole} ms, where eight of an eighth take ${least.parts} ms`);
  });
}

effort('spares no two mistakes in a login with a long token', () => {
  const sent = { ...base, provider: 'facebook', 'keys[token]': 't'.repeat(1500), 'keys[secret]': 's' };
  const pairs = Object.entries(sent).map((pair) => pair.join('='));
  const signed = `?${pairs.sort().join('&')}\r\n`;
  assert.equal(mistakesOf({ sent, signature: sign(secret, signed), secret }), ['separator-other', 'newline-added']);
});

effort.run();

const properties = suite('quickblox · explainSignature · properties');
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
const names = fc.oneof(fc.constantFrom(...Object.keys(anna), 'provider', 'keys[token]', '__proto__'), fc.string());

properties('never throws and always says something, whatever it is given', () =>
  property(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.webQueryParameters(), anything),
      fc.option(fc.oneof(fc.string({ unit: 'binary' }), anything), { nil: undefined }),
      fc.option(fc.oneof(fc.string(), anything), { nil: undefined }),
      (sent, signed, signature) => {
        if (sent === undefined && signed === undefined) return;
        const { fits, findings } = explainSignature({ sent, signed, signature, secret } as never);
        assert.ok(fits === true || findings.length > 0 || signed !== undefined);
      },
    ),
  ),
);

properties('shows no password, token, key or secret', () =>
  property(
    fc.property(
      fc.dictionary(names, fc.stringMatching(/^[a-z]{3}MARKER[a-z]{3}$/), { maxKeys: 8 }),
      fc.constantFrom('sent', 'form', 'signed'),
      (values, how) => {
        const text = Object.entries(values).map((pair) => pair.join('='));
        const given = {
          sent: how === 'form' ? String(new URLSearchParams(values)) : values,
          ...(how === 'signed' ? { signed: text.join('&') } : {}),
          signature: sign('MARKER secret', 'x'),
          secret: 'MARKER secret',
        };
        assert.not.match(inspect(explainSignature(given), { depth: 9 }), /MARKER/);
      },
    ),
  ),
);

properties.run();

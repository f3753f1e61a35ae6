import { manualClock, property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type VerifyInstallOptions, type VerifyInstallResult, verifyInstall } from '../src/install/index.ts';
import { installVectors, issuedAtMs, v1, v1AsUtf16, v1Url } from './vectors.ts';

const dayMs = 86_400_000;
const options: VerifyInstallOptions = { applicationKey: v1.a, secret: v1.secret, clock: () => issuedAtMs };

type Fields = Record<string, string | readonly string[] | null>;

/** V1's query with some parameters replaced, repeated or (null) left out. */
function query(changes: Fields = {}): URLSearchParams {
  const { a, t, d, h } = v1;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries<string | readonly string[] | null>({
    a,
    t,
    d,
    h,
    b: 'my-space',
    e: 'x@y.example',
    ...changes,
  })) {
    for (const single of value === null ? [] : typeof value === 'string' ? [value] : value)
      parameters.append(name, single);
  }
  return parameters;
}

function reasonOf(result: VerifyInstallResult): string {
  if (result.ok) return 'ok';
  return 'name' in result ? `${result.reason} ${result.name}` : result.reason;
}

const vectors = suite('nexudus · verifyInstall · vectors');

for (const { name, a, t, d, h, secret, order, isOrdinal } of installVectors) {
  vectors(`accepts ${name}`, () => {
    const result = verifyInstall(query({ a, t, d, h }), { ...options, applicationKey: a, secret });
    assert.ok(result.ok);
    assert.is(result.order, order);
    assert.is(result.isOrdinal, isOrdinal);
    assert.is(result.applicationKey, a);
    assert.is(result.installToken, t);
    assert.is(result.ticks, d);
    assert.is(result.checkValue, h);
  });

  vectors(`accepts ${name} with h in capitals and refuses it under another secret`, () => {
    const shouted = query({ a, t, d, h: h.toUpperCase() });
    assert.is(reasonOf(verifyInstall(shouted, { ...options, applicationKey: a, secret })), 'ok');
    assert.is(
      reasonOf(verifyInstall(shouted, { ...options, applicationKey: a, secret: `${secret}0` })),
      'hash-mismatch',
    );
  });
}

vectors('refuses V13, where t and d have changed places, by the shape of t', () => {
  const swapped = query({ t: v1.d, d: v1.t });
  assert.is(reasonOf(verifyInstall(swapped, options)), 'parameter-malformed t');
  assert.is(reasonOf(verifyInstall(swapped, { ...options, tokenShape: 'printable' })), 'parameter-malformed t');
});

vectors('refuses V1 hashed as UTF-16', () => {
  assert.is(reasonOf(verifyInstall(query({ h: v1AsUtf16 }), options)), 'hash-mismatch');
});

vectors('refuses a secret beyond ASCII that was hashed with ? in place of it', () => {
  const lossy = installVectors.find(({ name }) => name.startsWith('V12b'));
  assert.ok(lossy);
  const result = verifyInstall(query({ h: lossy.h }), { ...options, secret: 's3cr€t-ключ-🔑' });
  assert.is(reasonOf(result), 'hash-mismatch');
});

vectors.run();

const sources = suite('nexudus · verifyInstall · sources');

const from: readonly (readonly [string, string | URL | URLSearchParams | Request])[] = [
  ['an absolute URL', v1Url],
  ['a URL with one slash', v1Url.replace('//Install', '/Install')],
  ['a path with two slashes', v1Url.replace('http://myapp.com', '')],
  ['a URL with a fragment', `${v1Url}#a=1&t=2`],
  ['a URL object', new URL(v1Url)],
  ['parameters', new URL(v1Url).searchParams],
  ['a request', new Request(v1Url)],
];
for (const [what, source] of from) {
  sources(`reads ${what}`, () => {
    const result = verifyInstall(source, options);
    assert.ok(result.ok);
    assert.equal(result.hints, { subdomain: 'my-space', email: 'user+tag@example.com' });
    assert.is(result.issuedAtMs, issuedAtMs);
    assert.is(result.secretIndex, 0);
  });
}

sources('takes no notice of order, unknown names and array-style names beside the real ones', () => {
  const { a, t, d, h } = v1;
  const url = `/Install?h=${h}&x=1&a[]=2&d=${d}&A=3&t=${t}&utm=4&a=${a}`;
  const result = verifyInstall(url, options);
  assert.ok(result.ok);
  assert.equal(result.hints, { subdomain: undefined, email: undefined });
});

sources('refuses a parameter that is not percent-encoded UTF-8, from a text, a URL and a request', () => {
  const { a, t, d, h } = v1;
  for (const bad of ['%ff', '%e9', '%', '%zz']) {
    const url = `https://app.example/Install?a=${a}${bad}&t=${t}&d=${d}&h=${h}`;
    for (const source of [url, new URL(url), new Request(url)]) {
      assert.equal(verifyInstall(source, { ...options, tokenShape: 'printable' }), {
        ok: false,
        reason: 'parameter-malformed',
        name: 'a',
      });
    }
  }
});

sources('refuses to read what is no source', () => {
  const isTypeError = (error: unknown): boolean => error instanceof TypeError && /source/.test(error.message);
  for (const wrong of [undefined, null, 7, {}]) {
    assert.throws(() => verifyInstall(wrong as never, options), isTypeError);
  }
});

sources.run();

const refusals = suite('nexudus · verifyInstall · refusals');

const rows: readonly (readonly [what: string, Fields, expected: string])[] = [
  ...(['a', 't', 'd', 'h'] as const).flatMap((name) => [
    [`${name} missing`, { [name]: null }, `parameter-missing ${name}`] as const,
    [`${name} empty`, { [name]: '' }, `parameter-empty ${name}`] as const,
    [`${name} twice alike`, { [name]: [v1[name], v1[name]] }, `parameter-repeated ${name}`] as const,
    [`${name} twice, genuine last`, { [name]: ['0', v1[name]] }, `parameter-repeated ${name}`] as const,
    [`${name} as a list`, { [name]: null, [`${name}[]`]: v1[name] }, `parameter-missing ${name}`] as const,
    [`${name} with an index`, { [name]: null, [`${name}[0]`]: v1[name] }, `parameter-missing ${name}`] as const,
    [`${name} in another case`, { [name]: null, [name.toUpperCase()]: v1[name] }, `parameter-missing ${name}`] as const,
    [`${name} with a space before`, { [name]: ` ${v1[name]}` }, `parameter-malformed ${name}`] as const,
    [`${name} with a line feed after`, { [name]: `${v1[name]}\n` }, `parameter-malformed ${name}`] as const,
    [
      `${name} with a separator inside`,
      { [name]: `${v1[name].slice(0, 8)}|${v1[name].slice(8)}` },
      `parameter-malformed ${name}`,
    ] as const,
    [`${name} of a million characters`, { [name]: '6'.repeat(1_000_000) }, `parameter-malformed ${name}`] as const,
    [`${name} of NUL`, { [name]: '\0' }, `parameter-malformed ${name}`] as const,
    [`${name} beyond ASCII`, { [name]: 'é'.repeat(32) }, `parameter-malformed ${name}`] as const,
  ]),
  ['t too short', { t: v1.t.slice(1) }, 'parameter-malformed t'],
  ['t too long', { t: `${v1.t}0` }, 'parameter-malformed t'],
  ['t not hex', { t: `${v1.t.slice(1)}g` }, 'parameter-malformed t'],
  ['t with dashes in wrong places', { t: 'c90e30fca-71a-4c37-810a-292b99d4d4f2' }, 'parameter-malformed t'],
  ['t in braces', { t: `{${v1.t}}` }, 'parameter-malformed t'],
  ['d in hex', { d: v1.t }, 'parameter-malformed d'],
  ['d of 16 digits', { d: v1.d.slice(2) }, 'parameter-malformed d'],
  ['d of 20 digits', { d: `${v1.d}00` }, 'parameter-malformed d'],
  ['d with a sign', { d: `+${v1.d.slice(1)}` }, 'parameter-malformed d'],
  ['d in Arabic digits', { d: '٦٣٤٩٦٣٧٢٩٣١٤٠١١٠٩٨' }, 'parameter-malformed d'],
  ['h of 31 digits', { h: v1.h.slice(1) }, 'parameter-malformed h'],
  ['h of 33 digits', { h: `${v1.h}0` }, 'parameter-malformed h'],
  ['h with 0x', { h: `0x${v1.h.slice(2)}` }, 'parameter-malformed h'],
  ['another application', { a: v1.t }, 'application-mismatch'],
  ['the key in capitals', { a: v1.a.toUpperCase() }, 'application-mismatch'],
  ['the key with dashes', { a: 'd4206675-25e0-489d-9106-8cbf732fe1dc' }, 'application-mismatch'],
  ['another token', { t: v1.a }, 'hash-mismatch'],
  ['the token in capitals', { t: v1.t.toUpperCase() }, 'hash-mismatch'],
  ['a as token, t as key', { a: v1.t, t: v1.a }, 'application-mismatch'],
  ['d one tick later', { d: '634963729314011099' }, 'hash-mismatch'],
  ['d as a double prints it', { d: String(BigInt(Number(v1.d))) }, 'hash-mismatch'],
  ['d with a zero before it', { d: `0${v1.d}` }, 'hash-mismatch'],
  ['the check value of nothing', { h: 'd41d8cd98f00b204e9800998ecf8427e' }, 'hash-mismatch'],
];
for (const [what, changes, expected] of rows) {
  refusals(`${what}: ${expected}`, () => {
    assert.is(reasonOf(verifyInstall(query(changes), options)), expected);
  });
}

refusals('flips of every digit of h are refused', () => {
  for (let index = 0; index < 32; index += 1) {
    const digit = ((Number.parseInt(v1.h.charAt(index), 16) + 1) % 16).toString(16);
    const h = v1.h.slice(0, index) + digit + v1.h.slice(index + 1);
    assert.is(reasonOf(verifyInstall(query({ h }), options)), 'hash-mismatch', `digit ${index}`);
  }
});

refusals(
  'comes to repetition before absence, absence before shape, shape before key, key before hash, hash before time',
  () => {
    const wrongHash = 'f'.repeat(32);
    const late = { ...options, clock: () => issuedAtMs + 10 * dayMs };
    assert.is(reasonOf(verifyInstall(query({ a: null, h: ['1', '2'] }), late)), 'parameter-repeated h');
    assert.is(reasonOf(verifyInstall(query({ t: 'x', h: null }), late)), 'parameter-missing h');
    assert.is(reasonOf(verifyInstall(query({ a: v1.t, h: 'x' }), late)), 'parameter-malformed h');
    assert.is(reasonOf(verifyInstall(query({ a: v1.t, h: wrongHash }), late)), 'application-mismatch');
    assert.is(reasonOf(verifyInstall(query({ h: wrongHash }), late)), 'hash-mismatch');
    assert.is(reasonOf(verifyInstall(query(), late)), 'timestamp-too-old');
  },
);

refusals.run();

const freshness = suite('nexudus · verifyInstall · freshness');

// V1's d lies 0.1098 ms after issuedAtMs, so a whole millisecond more or less decides
const edges: readonly (readonly [clockOffsetMs: number, Partial<VerifyInstallOptions>, expected: string])[] = [
  [dayMs, {}, 'ok'],
  [dayMs + 1, {}, 'timestamp-too-old'],
  [-dayMs + 1, {}, 'ok'],
  [-dayMs, {}, 'timestamp-too-new'],
  [60_000, { maxAgeMs: 60_000 }, 'ok'],
  [60_001, { maxAgeMs: 60_000 }, 'timestamp-too-old'],
  [-59_999, { maxAheadMs: 60_000 }, 'ok'],
  [-60_000, { maxAheadMs: 60_000 }, 'timestamp-too-new'],
  [1, { maxAgeMs: 0 }, 'timestamp-too-old'],
  [0, { maxAheadMs: 0 }, 'timestamp-too-new'],
  [-3_600_000, { serverOffsetMs: 3_600_000, maxAgeMs: 1_000, maxAheadMs: 1_000 }, 'ok'],
  [0, { serverOffsetMs: 3_600_000, maxAgeMs: 1_000, maxAheadMs: 1_000 }, 'timestamp-too-old'],
  [0, { serverOffsetMs: -3_600_000, maxAgeMs: 1_000, maxAheadMs: 1_000 }, 'timestamp-too-new'],
  [9 * 365 * dayMs, { maxAgeMs: 315_576_000_000 }, 'ok'],
];
for (const [offsetMs, changed, expected] of edges) {
  freshness(`${offsetMs} ms after the link with ${JSON.stringify(changed)}: ${expected}`, () => {
    const result = verifyInstall(v1Url, { ...options, ...changed, clock: () => issuedAtMs + offsetMs });
    assert.is(reasonOf(result), expected);
  });
}

freshness('tells how long the link will go on passing, and it does so long', () => {
  const clock = manualClock(issuedAtMs + 1_000);
  const result = verifyInstall(v1Url, { ...options, maxAgeMs: 60_000, clock });
  assert.ok(result.ok);
  assert.is(result.remainingMs, 59_000);
  clock.advance(result.remainingMs);
  assert.is(reasonOf(verifyInstall(v1Url, { ...options, maxAgeMs: 60_000, clock })), 'ok');
  clock.advance(1);
  assert.is(reasonOf(verifyInstall(v1Url, { ...options, maxAgeMs: 60_000, clock })), 'timestamp-too-old');
});

freshness('gives the moment less the offset of the server', () => {
  const result = verifyInstall(v1Url, { ...options, serverOffsetMs: 3_600_000 });
  assert.ok(result.ok);
  assert.is(result.issuedAtMs, issuedAtMs - 3_600_000);
});

freshness.run();

const rotation = suite('nexudus · verifyInstall · rotation');

rotation('tries several secrets and tells which one matched', () => {
  const result = verifyInstall(v1Url, { ...options, secret: ['newest', 'other', v1.secret] });
  assert.ok(result.ok);
  assert.is(result.secretIndex, 2);
});

rotation('tries the older secret in the other orders too', () => {
  const v10b = installVectors.find(({ name }) => name.startsWith('V10b'));
  assert.ok(v10b);
  const { a, t, d, h } = v10b;
  const result = verifyInstall(query({ a, t, d, h }), { ...options, applicationKey: a, secret: ['newest', v1.secret] });
  assert.ok(result.ok);
  assert.equal([result.secretIndex, result.order, result.isOrdinal], [1, 'dta', false]);
});

rotation('refuses when no secret matches', () => {
  assert.is(reasonOf(verifyInstall(v1Url, { ...options, secret: ['one', 'two'] })), 'hash-mismatch');
});

rotation.run();

const properties = suite('nexudus · verifyInstall · properties');

properties('never throws for any text, and lets nothing through', async () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(v1.a, v1.t, v1.d, v1.h, '', '%', '%zz', '+', '&', '='),
  );
  await property(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.array(fc.tuple(fc.constantFrom('a', 't', 'd', 'h', 'b', 'a[]'), part)),
      (text, pairs) => {
        assert.is(verifyInstall(text, options).ok, false);
        const search = pairs.map(([name, value]) => `${name}=${value}`).join('&');
        const result = verifyInstall(`/Install?${search}`, options);
        if (result.ok) assert.is(reasonOf(verifyInstall(new URLSearchParams(search), options)), 'ok');
      },
    ),
  );
});

properties.run();

import { type ManualClock, manualClock, property, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeBase64Url, encodeBase64Url } from '../src/base64.ts';
import type { JsonObject } from '../src/json.ts';
import { generateKey } from '../src/key-ring.ts';
import { decryptV4Local, encryptV4Local } from '../src/paseto.ts';
import {
  type CreateSealerOptions,
  createSealer,
  type OpenReason,
  type OpenResult,
  type Sealer,
} from '../src/sealer.ts';
import { Secret } from '../src/secret.ts';
import { decodeUtf8, encodeUtf8 } from '../src/utf8.ts';

const first = { id: '2026-01', key: generateKey(seededRandom(21)) };
const second = { id: '2026-02', key: generateKey(seededRandom(22)) };
const context = ['shop', 'user-token'];

function scene(options: Partial<CreateSealerOptions> = {}): { sealer: Sealer; clock: ManualClock } {
  const clock = manualClock();
  return { clock, sealer: createSealer({ keys: [first], context, clock, random: seededRandom(9), ...options }) };
}

const reasonOf = (result: OpenResult): OpenReason | 'ok' => (result.ok ? 'ok' : result.reason);

const round = suite('sealer · seal and open');

round('opens what was sealed', () => {
  const { sealer, clock } = scene();
  const opened = sealer.open(sealer.seal('ann', { plan: 'gold', seats: [1, 2] }, { expiresInMs: 60_000 }));
  assert.ok(opened.ok);
  const { id, ...rest } = opened;
  assert.match(id, /^[\w-]{22}$/);
  assert.equal(rest, {
    ok: true,
    subject: 'ann',
    claims: { plan: 'gold', seats: [1, 2] },
    keyId: '2026-01',
    issuedAtMs: clock(),
    expiresAtMs: clock() + 60_000,
  });
});

round('seals the claims that were checked, whatever they would say the next time', () => {
  const { sealer } = scene();
  const hidden = Object.defineProperty({ admin: false }, 'toJSON', { value: () => ({ admin: true }) });
  let asked = 0;
  const changing = {
    get role(): string {
      asked += 1;
      return asked === 1 ? 'user' : 'owner';
    },
  };
  for (const [claims, expected] of [
    [hidden, { admin: false }],
    [changing, { role: 'user' }],
  ] as const) {
    const opened = sealer.open(sealer.seal('ann', claims));
    assert.equal(opened.ok && opened.claims, expected);
  }
});

round('knows no expiry unless one was given', () => {
  const { sealer, clock } = scene();
  const token = sealer.seal('ann', {});
  clock.advance(50 * 365 * 86_400_000);
  const opened = sealer.open(token);
  assert.ok(opened.ok);
  assert.is(opened.expiresAtMs, undefined);
});

round('works with the clock and the random source of the platform', () => {
  const sealer = createSealer({ keys: [{ id: 'k', key: new Secret(generateKey()) }], context });
  const before = Date.now();
  const opened = sealer.open(sealer.seal('ann', {}));
  assert.ok(opened.ok && opened.issuedAtMs >= before && opened.issuedAtMs <= Date.now());
});

round('writes a PASETO that any implementation opens', () => {
  const { sealer } = scene();
  const token = sealer.seal('ann', { sub: 'eve' }, { expiresInMs: 1 });
  const opened = decryptV4Local({
    key: decodeBase64Url(first.key),
    token,
    assertion: JSON.stringify(context),
  });
  assert.is(opened && decodeUtf8(opened.footer), '{"kid":"2026-01"}');
  assert.match(
    opened ? decodeUtf8(opened.message) : '',
    /^\{"sub":"ann","iat":"2026-01-01T00:00:00\.000Z","exp":"2026-01-01T00:00:00\.001Z","jti":"[\w-]{22}","claims":\{"sub":"eve"\}\}$/,
  );
});

round('gives each token an id and a text of its own', () => {
  const { sealer } = scene();
  const tokens = Array.from({ length: 100 }, () => sealer.seal('ann', {}));
  const ids = tokens.map((token) => {
    const opened = sealer.open(token);
    return opened.ok ? opened.id : '';
  });
  assert.is(new Set(tokens).size, 100);
  assert.is(new Set(ids).size, 100);
});

round('repeats itself under the same clock and random source, for tests', () => {
  assert.is(scene().sealer.seal('ann', { a: 1 }), scene().sealer.seal('ann', { a: 1 }));
});

round('shows neither subject nor claims', () => {
  const token = scene().sealer.seal('marker-subject', { secret: 'marker-claim' });
  const visible = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
  assert.not([token, ...visible].join().includes('marker'));
});

round('keeps claims that look like registered ones, or like a prototype, where they are', () => {
  const { sealer } = scene();
  const claims: JsonObject = JSON.parse('{"sub":"eve","exp":"x","jti":1,"__proto__":{"admin":true},"constructor":{}}');
  const opened = sealer.open(sealer.seal('ann', claims));
  assert.ok(opened.ok);
  assert.is(opened.subject, 'ann');
  assert.is(JSON.stringify(opened.claims), JSON.stringify(claims));
  assert.is(opened.claims['admin'], undefined);
});

round.run();

const rotation = suite('sealer · rotation');

rotation('the first key seals, every key opens', () => {
  const old = scene({ keys: [first] }).sealer;
  const both = scene({ keys: [second, first] }).sealer;
  const next = scene({ keys: [second] }).sealer;
  const before = old.seal('ann', {});
  const after = both.seal('ann', {});
  const openedBefore = both.open(before);
  const openedAfter = next.open(after);
  assert.is(openedBefore.ok && openedBefore.keyId, '2026-01');
  assert.is(openedAfter.ok && openedAfter.keyId, '2026-02');
  assert.is(reasonOf(next.open(before)), 'unknown-key');
  assert.is(reasonOf(old.open(after)), 'unknown-key');
});

rotation('a key may be renamed', () => {
  const token = scene().sealer.seal('ann', {});
  const renamed = scene({ keys: [{ id: 'new-name', key: first.key }, first] }).sealer;
  assert.is(reasonOf(renamed.open(token)), 'ok');
});

rotation('another key under the same id opens nothing', () => {
  const token = scene().sealer.seal('ann', {});
  assert.is(reasonOf(scene({ keys: [{ id: first.id, key: second.key }] }).sealer.open(token)), 'forged');
});

rotation.run();

const refusal = suite('sealer · refusals');
const sealed = scene().sealer.seal('ann', { plan: 'gold' }, { expiresInMs: 60_000 });
const [, , sealedBody = '', sealedFooter = ''] = sealed.split('.');
const footer = (text: string): string => `v4.local.${sealedBody}.${encodeBase64Url(encodeUtf8(text))}`;

for (const [name, token, reason] of [
  ['an empty text', '', 'malformed'],
  ['any other text', 'not a token', 'malformed'],
  ['another version', sealed.replace('v4', 'v3'), 'malformed'],
  ['another purpose', sealed.replace('local', 'public'), 'malformed'],
  ['a header alone', 'v4.local.', 'malformed'],
  ['no footer', `v4.local.${sealedBody}`, 'malformed'],
  ['an empty footer', `v4.local.${sealedBody}.`, 'malformed'],
  ['a fifth part', `${sealed}.${sealedFooter}`, 'malformed'],
  ['a body cut short', `v4.local.${sealedBody.slice(0, 80)}.${sealedFooter}`, 'malformed'],
  ['padding', `v4.local.${sealedBody}=.${sealedFooter}`, 'malformed'],
  ['white space', `${sealed} `, 'malformed'],
  ['a footer that is not UTF-8', `v4.local.${sealedBody}.${encodeBase64Url(Uint8Array.of(0xff))}`, 'malformed'],
  ['a footer that is not JSON', footer('2026-01'), 'malformed'],
  ['a footer with more members', footer('{"kid":"2026-01","x":1}'), 'malformed'],
  ['a footer with white space', footer('{"kid": "2026-01"}'), 'malformed'],
  ['a footer with a line break', footer('{"kid":"2026-01"}\n'), 'malformed'],
  ['a footer with text before it', footer('a{"kid":"2026-01"}'), 'malformed'],
  ['a footer with an escape', footer('{"kid":"2026\\u002d01"}'), 'malformed'],
  ['a footer with a number', footer('{"kid":1}'), 'malformed'],
  ['a footer with an endless id', footer(`{"kid":"${'x'.repeat(65)}"}`), 'malformed'],
  ['a footer swapped for an unknown key', footer('{"kid":"2025-12"}'), 'unknown-key'],
  ['a footer naming a prototype member', footer('{"kid":"__proto__"}'), 'unknown-key'],
  ['a footer naming a method', footer('{"kid":"constructor"}'), 'unknown-key'],
  ['an overlong text', `v4.local.${'A'.repeat(16_400)}.${sealedFooter}`, 'malformed'],
] as const) {
  refusal(`refuses ${name} as ${reason}`, () => assert.is(reasonOf(scene().sealer.open(token)), reason));
}

refusal('refuses a footer swapped for another key of the ring', () => {
  const ring = scene({ keys: [first, second] }).sealer;
  assert.is(reasonOf(ring.open(sealed)), 'ok');
  assert.is(reasonOf(ring.open(footer('{"kid":"2026-02"}'))), 'forged');
});

for (const value of [undefined, null, 7, {}, [], [sealed], true, Symbol('s'), encodeUtf8(sealed)]) {
  refusal(`refuses ${Object.prototype.toString.call(value)} as malformed`, () => {
    assert.is(reasonOf(scene().sealer.open(value as never)), 'malformed');
  });
}

for (const other of [
  ['shop'],
  ['shop', 'user-token', 'x'],
  ['user-token', 'shop'],
  ['shop,user-token'],
  ['shop","user-token'],
]) {
  refusal(`refuses the context ${JSON.stringify(other)} as forged`, () => {
    assert.is(reasonOf(scene({ context: other }).sealer.open(sealed)), 'forged');
  });
}

refusal('refuses every flipped bit of the text', () => {
  const { sealer } = scene();
  for (let index = 0; index < sealed.length; index += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = String.fromCharCode(sealed.charCodeAt(index) ^ (1 << bit));
      assert.not(sealer.open(sealed.slice(0, index) + flipped + sealed.slice(index + 1)).ok, `bit ${bit} of ${index}`);
    }
  }
});

refusal('refuses every flipped bit of nonce, ciphertext and tag as forged', () => {
  const { sealer } = scene();
  const body = decodeBase64Url(sealedBody);
  for (let bit = 0; bit < body.length * 8; bit += 1) {
    const flipped = body.slice();
    flipped[bit >> 3] = Number(flipped[bit >> 3]) ^ (1 << (bit & 7));
    assert.is(reasonOf(sealer.open(`v4.local.${encodeBase64Url(flipped)}.${sealedFooter}`)), 'forged', `bit ${bit}`);
  }
});

refusal('refuses every truncation, from either end, and every deletion of one character', () => {
  const { sealer } = scene();
  for (let length = 0; length < sealed.length; length += 1) {
    assert.not(sealer.open(sealed.slice(0, length)).ok, `first ${length}`);
    assert.not(sealer.open(sealed.slice(length + 1)).ok, `last ${sealed.length - length - 1}`);
    assert.not(sealer.open(sealed.slice(0, length) + sealed.slice(length + 1)).ok, `without ${length}`);
  }
});

refusal('refuses a payload that it would not have written, though its seal holds', () => {
  const foreign = (message: string): string =>
    encryptV4Local({
      key: decodeBase64Url(first.key),
      message,
      footer: '{"kid":"2026-01"}',
      assertion: JSON.stringify(context),
    });
  assert.is(reasonOf(scene().sealer.open(foreign('{"data":1}'))), 'malformed');
  assert.is(
    reasonOf(scene().sealer.open(foreign('{"sub":"ann","iat":"2026-01-01T00:00:00.000Z","jti":"x","claims":{}}'))),
    'ok',
  );
});

refusal.run();

const time = suite('sealer · time');

time('a token expires at the millisecond of its expiry, whatever the tolerance', () => {
  const { sealer, clock } = scene();
  const token = sealer.seal('ann', {}, { expiresInMs: 1000 });
  clock.advance(999);
  assert.is(reasonOf(sealer.open(token)), 'ok');
  clock.advance(1);
  assert.is(reasonOf(sealer.open(token)), 'expired');
  assert.is(reasonOf(sealer.open(token, { clockToleranceMs: 86_400_000 })), 'expired');
});

time('a token is too old one millisecond past the age that the opener admits', () => {
  const { sealer, clock } = scene();
  const token = sealer.seal('ann', {}, { expiresInMs: 10_000 });
  clock.advance(5000);
  assert.is(reasonOf(sealer.open(token, { maxAgeMs: 5000 })), 'ok');
  assert.is(reasonOf(sealer.open(token, { maxAgeMs: 4999 })), 'too-old');
  assert.is(reasonOf(sealer.open(token, { maxAgeMs: Number.POSITIVE_INFINITY })), 'ok');
  clock.advance(5000);
  assert.is(reasonOf(sealer.open(token, { maxAgeMs: 4999 })), 'expired');
});

time('an issuer may be a minute ahead, unless told otherwise', () => {
  const { sealer, clock } = scene();
  const token = sealer.seal('ann', {});
  const now = clock();
  clock.set(now - 60_000);
  assert.is(reasonOf(sealer.open(token)), 'ok');
  assert.is(reasonOf(sealer.open(token, { clockToleranceMs: 59_999 })), 'not-yet-valid');
  assert.is(reasonOf(sealer.open(token, { maxAgeMs: 0 })), 'ok');
  clock.set(now - 60_001);
  assert.is(reasonOf(sealer.open(token)), 'not-yet-valid');
  assert.is(reasonOf(sealer.open(token, { clockToleranceMs: 60_001 })), 'ok');
  clock.set(now);
  assert.is(reasonOf(sealer.open(token, { clockToleranceMs: 0 })), 'ok');
});

time('a clock with fractions is read in whole milliseconds', () => {
  const sealer = createSealer({ keys: [first], context, clock: () => 1_767_225_600_000.75 });
  const opened = sealer.open(sealer.seal('ann', {}, { expiresInMs: 1 }));
  assert.is(opened.ok && opened.issuedAtMs, 1_767_225_600_000);
});

time.run();

const mistakes = suite('sealer · mistakes of the programmer');

for (const [option, change, type] of [
  ['keys', { keys: [] }, TypeError],
  ['keys', { keys: undefined as never }, TypeError],
  ['keys[0].key', { keys: [{ id: 'a', key: 'short' }] }, TypeError],
  ['keys[1].id', { keys: [first, { id: first.id, key: second.key }] }, TypeError],
  ['context', { context: [] }, TypeError],
  ['context', { context: [''] }, TypeError],
  ['context', { context: undefined as never }, TypeError],
  ['clock', { clock: 0 as never }, TypeError],
  ['random', { random: 'random' as never }, TypeError],
] as const) {
  mistakes(`createSealer names ${option} for ${JSON.stringify(change)}`, () => {
    assert.throws(
      () => createSealer({ keys: [first], context, ...change }),
      (error: unknown) => error instanceof type && error.message.startsWith(option),
    );
  });
}

for (const subject of ['', undefined, null, 7, '\ud800']) {
  mistakes(`seal refuses the subject ${JSON.stringify(subject)}`, () => {
    assert.throws(
      () => scene().sealer.seal(subject as never, {}),
      (error: unknown) => error instanceof TypeError && /^subject/.test(error.message),
    );
  });
}

for (const claims of [undefined, null, [], 'text', new Date(0), new Map()]) {
  mistakes(`seal refuses ${Object.prototype.toString.call(claims)} as claims`, () => {
    assert.throws(
      () => scene().sealer.seal('ann', claims as never),
      (error: unknown) => error instanceof TypeError && /^claims must be a plain object/.test(error.message),
    );
  });
}

mistakes('seal names the claim that JSON would drop, and shows no value', () => {
  assert.throws(
    () => scene().sealer.seal('ann', { user: { token: new Secret('hidden') } } as never),
    (error: unknown) => error instanceof TypeError && error.message === 'claims.user.token must be a plain object',
  );
  assert.throws(
    () => scene().sealer.seal('ann', { a: [undefined] } as never),
    (error: unknown) => error instanceof TypeError && error.message === 'claims.a[0] must be a JSON value',
  );
});

mistakes('seal fills a token to its limit and refuses one character more', () => {
  const { sealer } = scene();
  let size = 11_800;
  let longest = '';
  const refused = (error: unknown): boolean =>
    error instanceof RangeError && /^claims make a token of 1638[5-8] characters, over 16384$/.test(error.message);
  for (; longest.length < 16_383; size += 1) longest = sealer.seal('ann', { a: 'x'.repeat(size) });
  assert.is(longest.length, 16_383);
  assert.ok(sealer.open(longest).ok);
  const full = sealer.seal('ann', { a: 'x'.repeat(size) });
  assert.is(full.length, 16_384);
  assert.ok(sealer.open(full).ok);
  assert.throws(() => sealer.seal('ann', { a: 'x'.repeat(size + 1) }), refused);
});

for (const expiresInMs of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 251_635_075_200_000, '60000', null]) {
  mistakes(`seal refuses to expire in ${String(expiresInMs)}`, () => {
    assert.throws(
      () => scene().sealer.seal('ann', {}, { expiresInMs: expiresInMs as never }),
      (error: unknown) => error instanceof RangeError && /^expiresInMs must/.test(error.message),
    );
  });
}

mistakes('seal accepts the longest life there is', () => {
  const { sealer, clock } = scene();
  const expiresInMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999) - clock();
  assert.is(reasonOf(sealer.open(sealer.seal('ann', {}, { expiresInMs }))), 'ok');
});

for (const value of [-1, Number.NaN, '5', null]) {
  for (const option of ['maxAgeMs', 'clockToleranceMs']) {
    mistakes(`open refuses ${String(value)} as ${option}, even for no token at all`, () => {
      assert.throws(
        () => scene().sealer.open('', { [option]: value }),
        (error: unknown) => error instanceof RangeError && error.message.startsWith(option),
      );
    });
  }
}

mistakes('a clock that tells no time is noticed', () => {
  const { sealer } = scene({ clock: () => Number.NaN });
  const noticed = (error: unknown): boolean => error instanceof RangeError && /^clock/.test(error.message);
  assert.throws(() => sealer.seal('ann', {}), noticed);
  assert.throws(() => sealer.open(''), noticed);
});

mistakes('a random source that runs dry is noticed', () => {
  assert.throws(
    () => scene({ random: () => new Uint8Array(8) }).sealer.seal('ann', {}),
    (error: unknown) => error instanceof TypeError && /^random must return 16 bytes/.test(error.message),
  );
});

mistakes('a sealer cannot be altered', () => assert.ok(Object.isFrozen(scene().sealer)));

mistakes.run();

const properties = suite('sealer · properties');

properties('what is opened is what was sealed', async () => {
  const { sealer } = scene();
  const subject = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
  const claims = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
  await property(
    fc.property(
      subject,
      claims,
      fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: undefined }),
      (whom, said, life) => {
        const opened = sealer.open(sealer.seal(whom, said as JsonObject, { expiresInMs: life }));
        assert.ok(opened.ok);
        assert.is(opened.subject, whom);
        assert.is(JSON.stringify(opened.claims), JSON.stringify(said));
      },
    ),
    { runs: 300 },
  );
});

properties('a hundred thousand other texts are refused, and none throws', async () => {
  const { sealer } = scene();
  const units = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const base64url = fc.string({ unit: fc.constantFrom(...'AQgwZz09-_'), maxLength: 200 });
  const ending = fc.constantFrom('', '.', `.${sealedFooter}`, '.e30', '..', `.${sealedFooter}.`);
  const texts = fc.oneof(
    fc.string({ unit: units, maxLength: 100 }),
    fc.tuple(base64url, ending).map(([body, end]) => `v4.local.${body}${end}`),
    fc
      .tuple(fc.nat(sealed.length - 1), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }))
      .map(([index, text]) => sealed.slice(0, index) + text + sealed.slice(index)),
  );
  await property(
    fc.property(texts, (text) => assert.is(sealer.open(text).ok, false)),
    { runs: 100_000 },
  );
});

properties.run();

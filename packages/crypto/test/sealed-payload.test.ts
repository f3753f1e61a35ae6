import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodePayload, encodePayload } from '../src/sealed-payload.ts';
import { decodeUtf8, encodeUtf8 } from '../src/utf8.ts';

const payload = { subject: 'ann', claims: { a: 1 }, issuedAtMs: 1_767_225_600_123, expiresAtMs: undefined, id: 'j' };
const written = '{"sub":"ann","iat":"2026-01-01T00:00:00.123Z","jti":"j","claims":{"a":1}}';

const encode = suite('sealed-payload · encodePayload');

encode('writes registered claims as PASETO spells them, and times to the millisecond', () => {
  assert.is(decodeUtf8(encodePayload(payload)), written);
  assert.is(
    decodeUtf8(encodePayload({ ...payload, expiresAtMs: 1_767_225_600_124 })),
    written.replace('"jti"', '"exp":"2026-01-01T00:00:00.124Z","jti"'),
  );
});

encode.run();

const decode = suite('sealed-payload · decodePayload');

decode('reads what was written', () => {
  assert.equal(decodePayload(encodeUtf8(written)), payload);
  assert.equal(decodePayload(encodePayload({ ...payload, expiresAtMs: 5 })), { ...payload, expiresAtMs: 5 });
});

decode('claims cannot pass for registered ones', () => {
  const claims = { sub: 'eve', iat: 1, exp: null, jti: 'x', claims: {}, kid: 'k' };
  assert.equal(decodePayload(encodePayload({ ...payload, claims })), { ...payload, claims });
});

decode('a member named __proto__ stays a member of its own', () => {
  const read = decodePayload(encodeUtf8(written.replace('{"a":1}', '{"__proto__":{"admin":true}}')));
  assert.ok(Object.hasOwn(read?.claims ?? {}, '__proto__'));
  assert.is(read?.claims['admin'], undefined);
});

decode('a member that is absent is not answered by a polluted prototype', () => {
  Object.defineProperty(Object.prototype, 'exp', { value: '2030-01-01T00:00:00.000Z', configurable: true });
  try {
    assert.is(decodePayload(encodeUtf8(written))?.expiresAtMs, undefined);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'exp');
  }
});

for (const [name, text] of [
  ['no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['text', '"ann"'],
  ['no subject', written.replace('"sub":"ann",', '')],
  ['a subject that is no text', written.replace('"ann"', '7')],
  ['an inherited subject', written.replace('"sub":"ann"', '"__proto__":{"sub":"ann"}')],
  ['no id', written.replace('"jti":"j",', '')],
  ['no claims', written.replace(',"claims":{"a":1}', '')],
  ['claims that are a list', written.replace('{"a":1}', '[1]')],
  ['claims nested too deep', written.replace('{"a":1}', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`)],
  ['no time of issue', written.replace(/"iat":"[^"]+",/, '')],
  ['a time in seconds', written.replace(/"iat":"[^"]+"/, '"iat":1767225600')],
  ['a time without milliseconds', written.replace('.123Z', 'Z')],
  ['a time with an offset', written.replace('Z"', '+00:00"')],
  ['a day that does not exist', written.replace('01-01', '02-30')],
  ['a time that is no time', written.replace(/"iat":"[^"]+"/, '"iat":"noon"')],
  ['an expiry that is null', written.replace('"jti"', '"exp":null,"jti"')],
  ['an expiry that is no time', written.replace('"jti"', '"exp":"never","jti"')],
] as const) {
  decode(`refuses ${name}`, () => assert.is(decodePayload(encodeUtf8(text)), undefined));
}

decode('refuses bytes that are not UTF-8', () => assert.is(decodePayload(Uint8Array.of(0xff)), undefined));

decode.run();

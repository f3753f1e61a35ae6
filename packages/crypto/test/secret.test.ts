import { format, inspect } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantTimeEqual } from '../src/constant-time-equal.ts';
import { isSecret, Secret, toSecret } from '../src/secret.ts';

const marker = 'marker-5d0c7a';
const secret = new Secret(marker);

const hide = suite('secret · Secret');

hide('reveals its text when asked to', () => assert.is(secret.reveal(), marker));

for (const [way, shown] of [
  ['String', String(secret)],
  ['toString', secret.toString()],
  ['a template', `${secret}`],
  ['concatenation', ''.concat(secret as never)],
  ['join', [secret].join()],
  ['toJSON', secret.toJSON()],
  ['inspect', inspect(secret)],
  ['%s', format('%s', secret)],
  ['%o', format('%o', secret)],
  ['%O', format('%O', secret)],
  ['a URL parameter', new URLSearchParams({ token: secret as never }).get('token')],
  ['a header', new Headers({ token: secret as never }).get('token')],
  ['a property name', Object.keys({ [secret as never]: 1 })[0]],
  ['the hook of Deno', (secret as never as Record<symbol, () => string>)[Symbol.for('Deno.customInspect')]?.()],
] as const) {
  hide(`prints as redacted by ${way}`, () => assert.is(shown, '[redacted]'));
}

for (const [way, shown] of [
  ['JSON', JSON.stringify({ secret, list: [secret] })],
  ['JSON in a log format', format('%j', { secret })],
  ['inspect inside a structure', inspect({ a: { b: [secret], c: new Map([[secret, secret]]) } }, { depth: 9 })],
  ['inspect with everything shown', inspect(secret, { showHidden: true, depth: 9, getters: true })],
  ['inspect without hooks', inspect(secret, { showHidden: true, customInspect: false, getters: true })],
  ['an error that carries it', inspect(new Error('failed', { cause: { secret } }), { depth: 9 })],
  ['an error about it', inspect(new Error(`failed with ${secret}`))],
  ['a number', String(Number(secret))],
  ['its entries', JSON.stringify(Object.entries(secret))],
  ['its descriptors', inspect(Object.getOwnPropertyDescriptors(secret), { showHidden: true, depth: 9 })],
  ['a spread', inspect({ ...secret }, { showHidden: true })],
  ['an assignment', inspect(Object.assign({}, secret), { showHidden: true })],
  ['a structured clone', inspect(structuredClone(secret), { showHidden: true, depth: 9 })],
] as const) {
  hide(`does not leak by ${way}`, () => assert.not(shown.includes(marker), shown));
}

hide('a structured clone is an empty object', () => {
  assert.is(JSON.stringify(structuredClone(secret)), '{}');
  assert.not(isSecret(structuredClone(secret)));
});

hide('refuses what printing or storing a secret made of it', () => {
  for (const printed of [String(secret), JSON.parse(JSON.stringify(secret))]) {
    assert.throws(
      () => new Secret(printed),
      (error: unknown) => error instanceof TypeError && /not the \[redacted\]/.test(error.message),
    );
  }
});

hide('cannot be altered', () => {
  assert.ok(Object.isFrozen(secret));
  assert.throws(() => Object.assign(secret, { reveal: () => 'other' }), /reveal/);
});

for (const value of ['', undefined, null, 7, Buffer.from('ab'), new String('ab')]) {
  hide(`refuses ${inspect(value)}`, () => {
    assert.throws(
      () => new Secret(value as never),
      (error: unknown) => error instanceof TypeError && /^a secret must be text/.test(error.message),
    );
  });
}

hide('refuses text without bytes, and does not repeat it', () => {
  assert.throws(
    () => new Secret(`${marker}\ud800`),
    (error: unknown) => error instanceof RangeError && !error.message.includes(marker),
  );
});

hide('carries the mark by which another installed copy knows it, of whatever version', () => {
  const mark = Symbol.for('@x/crypto.Secret');
  assert.is((new Secret('a') as unknown as Record<symbol, unknown>)[mark], true);
  assert.ok(isSecret({ [mark]: true }));
});

hide.run();

const wrap = suite('secret · toSecret');

wrap('wraps text', () => assert.is(toSecret('text').reveal(), 'text'));
wrap('passes a secret through', () => assert.is(toSecret(secret), secret));

wrap('takes a secret of another installed copy of the package', async () => {
  const specifier = new URL('../src/secret.ts?copy', import.meta.url).href;
  const copy: typeof import('../src/secret.ts') = await import(specifier);
  const foreign = new copy.Secret('foreign');
  assert.not(foreign instanceof Secret);
  const wrapped = toSecret(foreign as never);
  assert.instance(wrapped, Secret);
  assert.is(wrapped.reveal(), 'foreign');
  assert.ok(constantTimeEqual(foreign as never, 'foreign'));
});

for (const value of ['', undefined, null, 7, {}, { reveal: () => 'text' }]) {
  wrap(`refuses ${inspect(value)}`, () => {
    assert.throws(
      () => toSecret(value as never),
      (error: unknown) => error instanceof TypeError && /^a secret must be text/.test(error.message),
    );
  });
}

wrap.run();

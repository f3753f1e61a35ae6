import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type HubActionValueType, readActionValue, readProperties } from '../src/action.ts';

const read = suite('action · readActionValue');

const bodies: readonly [body: object, type: HubActionValueType, value: unknown][] = [
  [{ done: true }, 'boolean', true],
  [{ value: false }, 'boolean', false],
  [{ done: true, value: true }, 'boolean', true],
  [{ done: { a: 1, b: [2] }, value: { b: [2], a: 1 } }, 'object', { a: 1, b: [2] }],
  [{ value: null }, 'any', null],
  [{ done: 0 }, 'number', 0],
  [{ done: '' }, 'string', ''],
];

for (const [body, type, value] of bodies) {
  read(`reads ${JSON.stringify(body)} as ${type}`, () => {
    assert.equal(readActionValue(body as never, 'done', type), { ok: true, value });
  });
}

const refused: readonly [body: object, type: HubActionValueType][] = [
  [{}, 'any'],
  [{ other: true }, 'any'],
  [{ done: true, value: false }, 'boolean'],
  [{ done: 1, value: '1' }, 'any'],
  [{ done: null, value: false }, 'any'],
  [{ done: { a: 1 }, value: { a: 1, b: 2 } }, 'any'],
  [{ done: { a: 1 }, value: { b: 1 } }, 'any'],
  [{ done: [1, 2], value: [1] }, 'any'],
  [{ done: [], value: {} }, 'any'],
  [{ done: 'true' }, 'boolean'],
  [{ done: 1 }, 'boolean'],
  [{ done: null }, 'object'],
  [{ done: [] }, 'object'],
  [{ done: true }, 'string'],
];

for (const [body, type] of refused) {
  read(`row 58: refuses ${JSON.stringify(body)} as ${type}`, () => {
    assert.equal(readActionValue(body as never, 'done', type), { ok: false });
  });
}

read('sees own members only', () => {
  assert.not(readActionValue(Object.create({ done: true }), 'done', 'boolean').ok);
});

read.run();

const declare = suite('action · readProperties');

declare('keeps what is declared', () => {
  assert.equal(
    [...readProperties({ done: 'boolean', 'due-date': 'any' })],
    [
      ['done', 'boolean'],
      ['due-date', 'any'],
    ],
  );
});

for (const property of [
  'auth',
  'value',
  'username',
  'title',
  'constructor',
  'prototype',
  '1st',
  'a b',
  '',
  'x'.repeat(65),
]) {
  declare(`refuses the property ${property.slice(0, 12) || 'without a name'}`, () =>
    assert.throws(() => readProperties({ [property]: 'any' }), /action\.properties/),
  );
}

declare('refuses __proto__ and unknown types', () => {
  assert.throws(() => readProperties(JSON.parse('{"__proto__":"any"}')), /action\.properties/);
  assert.throws(() => readProperties({ done: 'flag' as never }), /action\.properties\.done/);
});

declare.run();

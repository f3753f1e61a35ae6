import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readParameters } from '../../src/server/parameters.ts';

const names = { required: ['code', 'state'], optional: ['scope'] } as const;
const parameters = suite('parameters · readParameters');

const rows: readonly [given: string, expected: unknown][] = [
  ['code=a&state=b', { code: 'a', state: 'b' }],
  ['state=b&scope=c&code=a&other=x&other=y', { code: 'a', state: 'b', scope: 'c' }],
  ['code=a%20b&state=c+d', { code: 'a b', state: 'c d' }],
  ['code=a&state=b&scope=', { code: 'a', state: 'b', scope: '' }],
  ['', ['parameter-missing', 'code']],
  ['code=a', ['parameter-missing', 'state']],
  ['code=&state=b', ['parameter-empty', 'code']],
  ['code&state=b', ['parameter-empty', 'code']],
  ['code=a&code=a&state=b', ['parameter-repeated', 'code']],
  ['code=a&state=b&c%6Fde=c', ['parameter-repeated', 'code']],
  ['code=a&state=b&scope=c&scope=d', ['parameter-repeated', 'scope']],
  ['state=b&state=c', ['parameter-repeated', 'state']],
  ['Code=a&state=b', ['parameter-missing', 'code']],
];
for (const [given, expected] of rows) {
  parameters(`reads ${JSON.stringify(given)} from text, parameters and a URL`, () => {
    for (const source of [given, new URLSearchParams(given), new URL(`https://app.example/?${given}`)]) {
      const read = readParameters(source, names);
      assert.equal(read.ok ? { ...read.values } : [read.reason, read.name], expected);
    }
  });
}

parameters('needs no optional names', () => {
  const read = readParameters('a=1', { required: ['a'] });
  assert.is(read.ok && read.values.a, '1');
});

parameters('a name of the prototype is a name like any other', () => {
  const read = readParameters('a=1', { required: ['a'], optional: ['constructor', '__proto__', 'toString'] });
  assert.ok(read.ok);
  if (!read.ok) return;
  assert.is(read.values.constructor, undefined);
  assert.equal(Object.keys(read.values), ['a']);
  const own = readParameters('__proto__=x', { required: ['__proto__'] });
  assert.equal(own.ok && Object.entries(own.values), [['__proto__', 'x']]);
});

parameters('never throws for any text', async () => {
  await property(
    fc.property(fc.string({ unit: 'binary' }), (given) => {
      const read = readParameters(given, names);
      if (!read.ok) assert.ok(['code', 'state', 'scope'].includes(read.name));
    }),
  );
});

parameters('gives back what was encoded', async () => {
  await property(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ minLength: 1 }), (code, state) => {
      const read = readParameters(String(new URLSearchParams({ code, state })), names);
      assert.equal(read.ok && [read.values.code, read.values.state], [code, state]);
    }),
  );
});

parameters.run();

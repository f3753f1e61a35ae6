import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePairs, readParameters } from '../../src/server/parameters.ts';

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

const euro = '%E2%82%AC';
const malformed: readonly [name: string, value: string][] = [
  ['a byte that UTF-8 has not', '%ff'],
  ['a byte of Latin-1', 'caf%e9'],
  ['an overlong form', '%c0%af'],
  ['half of a surrogate pair', '%ed%a0%80'],
  ['more than Unicode has', '%f4%90%80%80'],
  ['a sequence cut short', '%e2%82'],
  ['a percent sign alone', '100%'],
  ['a percent sign with one digit', 'a%2'],
  ['a percent sign with other letters', '%zz'],
];
for (const [name, value] of malformed) {
  parameters(`refuses ${name}, in text and in a URL`, () => {
    for (const query of [`code=${value}&state=b`, `code=a&state=${euro}${value}`, `code=a&state=b&scope=${value}x`]) {
      const wrong = query.startsWith(`code=${value}`) ? 'code' : query.includes('scope') ? 'scope' : 'state';
      for (const source of [query, `?${query}`, new URL(`https://app.example/?${query}`)]) {
        assert.equal(readParameters(source, names), { ok: false, reason: 'parameter-malformed', name: wrong });
      }
    }
    assert.is(parsePairs(`a=${value}`), undefined);
    assert.is(parsePairs(`a=b&${value}`), undefined);
  });
}

parameters('refuses what the platform put its own sign for', () => {
  const decoded = new URLSearchParams('code=%ff&state=b');
  assert.equal(readParameters(decoded, names), { ok: false, reason: 'parameter-malformed', name: 'code' });
  // written as such, it is a character like any other
  const read = readParameters('code=%EF%BF%BD&state=\u{FFFD}', names);
  assert.equal(read.ok && { ...read.values }, { code: '\u{FFFD}', state: '\u{FFFD}' });
});

parameters('refuses half of a surrogate pair in text', () => {
  for (const half of ['\u{D800}', '\u{DC00}a']) {
    const read = readParameters(`code=${half}&state=b`, names);
    assert.equal(read, { ok: false, reason: 'parameter-malformed', name: 'code' });
  }
  assert.ok(readParameters('code=\u{1F600}&state=b', names).ok);
});

parameters('passes over names and values that nobody asked for, malformed or not', () => {
  const read = readParameters('%ff=1&%ff=2&other=%ff&code=a&state=b', names);
  assert.equal(read.ok && { ...read.values }, { code: 'a', state: 'b' });
});

parameters('a malformed value that is repeated is repeated', () => {
  assert.equal(readParameters('code=%ff&code=a&state=b', names), {
    ok: false,
    reason: 'parameter-repeated',
    name: 'code',
  });
});

parameters('reads well-formed pairs as the platform does', async () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'code', '%26', '%3D', '+', '%2B', '=', euro, '?', '#', 'é') });
  await property(
    fc.property(fc.array(word), (words) => {
      const text = words.join('&');
      assert.equal(parsePairs(text), [...new URLSearchParams(text)]);
    }),
  );
});

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
      for (const text of [given, `code=${given}&state=%${given}`]) {
        const read = readParameters(text, names);
        if (!read.ok) assert.ok(['code', 'state', 'scope'].includes(read.name));
        parsePairs(text);
      }
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

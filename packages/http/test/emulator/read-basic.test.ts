import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readBasic } from '../../src/emulator/read-basic.ts';

const basic = suite('emulator · readBasic');
const read = (authorization: string): ReturnType<typeof readBasic> =>
  readBasic(new Request('https://provider.example', { headers: { authorization } }));
const encode = (pair: string): string => Buffer.from(pair).toString('base64');

basic('splits at the first colon, whatever the case of the scheme', () => {
  for (const scheme of ['Basic', 'basic', 'BASIC']) {
    assert.equal(read(`${scheme} ${encode('anna:p:w')}`), { userName: 'anna', password: 'p:w' });
  }
  assert.equal(read(`Basic ${encode(':')}`), { userName: '', password: '' });
});

basic('gives back what was written, beyond ASCII too', () =>
  property(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (name, password) => {
      const userName = name.replaceAll(':', '');
      assert.equal(read(`Basic ${encode(`${userName}:${password}`)}`), { userName, password });
    }),
  ),
);

for (const [what, field] of [
  ['no scheme', encode('a:b')],
  ['another scheme', `Bearer ${encode('a:b')}`],
  ['two blanks', `Basic  ${encode('a:b')}`],
  ['more behind it', `Basic ${encode('a:b')} x`],
  ['nothing', 'Basic'],
  ['no colon', `Basic ${encode('ab')}`],
  ['no padding', 'Basic YTo'],
  ['the alphabet of URLs', 'Basic Pz8_Og=='],
  ['what is no UTF-8', 'Basic /zo='],
] as const) {
  basic(`knows nobody from ${what}`, () => assert.is(read(field), undefined));
}

basic('knows nobody without the field', () => {
  assert.is(readBasic(new Request('https://provider.example')), undefined);
});

basic.run();

import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCode } from '../src/code.ts';

const parse = suite('hubrise · parseCode');

const rows: [text: string, expected: ReturnType<typeof parseCode>][] = [
  ['ffae0047', { ok: true, code: 'ffae0047' }],
  ['  ffae0047\r\n', { ok: true, code: 'ffae0047' }],
  ['\u00a0ffae0047\u2028', { ok: true, code: 'ffae0047' }],
  ['a-b_c~d.e', { ok: true, code: 'a-b_c~d.e' }],
  ['a'.repeat(512), { ok: true, code: 'a'.repeat(512) }],
  ['', { ok: false, reason: 'code-missing' }],
  [' \t\n', { ok: false, reason: 'code-missing' }],
  ['ffae 0047', { ok: false, reason: 'code-malformed' }],
  ['ffae\u200b0047', { ok: false, reason: 'code-malformed' }],
  ['ffaé', { ok: false, reason: 'code-malformed' }],
  ['a'.repeat(513), { ok: false, reason: 'code-malformed' }],
];
for (const [text, expected] of rows) {
  parse(`reads ${JSON.stringify(text.slice(0, 20))} of ${text.length}`, () => assert.equal(parseCode(text), expected));
}

parse('never throws, and gives only what it would accept again', async () => {
  await property(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const result = parseCode(text);
      if (result.ok) assert.equal(parseCode(result.code), result);
    }),
  );
});
parse.run();

import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rawMember } from '../../src/emulator/raw-member.ts';

const raw = suite('emulator · rawMember');

const texts: readonly [text: string, auth: string | undefined][] = [
  ['{"auth":"x"}', '"x"'],
  ['{ "auth" :  {"b": 1.0, "a" : [ "}" ]} , "more":1}', '{"b": 1.0, "a" : [ "}" ]}'],
  ['{"a":{"auth":1},"auth":9007199254740993}', '9007199254740993'],
  ['{"auth":1,"auth":-0 }', '-0'],
  ['{"\\u0061uth":null}', 'null'],
  ['{"auth":"a\\"b\\\\"}', '"a\\"b\\\\"'],
  ['{"auth":[[],{}] }', '[[],{}]'],
  ['\n{"auth":true}\n', 'true'],
  ['{"other":"auth"}', undefined],
  ['{}', undefined],
];

for (const [text, auth] of texts) {
  raw(`finds ${auth ?? 'nothing'} in ${JSON.stringify(text)}`, () => assert.is(rawMember(text, 'auth'), auth));
}

raw('finds text that parses to the same value, in any object', () =>
  property(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.jsonValue(),
      fc.constantFrom(undefined, 2),
      (rest, auth, indent) => {
        const text = JSON.stringify({ ...rest, auth }, null, indent);
        assert.equal(JSON.parse(rawMember(text, 'auth') ?? ''), JSON.parse(JSON.stringify(auth)));
      },
    ),
  ),
);

raw.run();

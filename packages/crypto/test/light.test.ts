import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as whole from '../src/index.ts';
import * as light from '../src/light.ts';

const entry = suite('light');

entry('holds what needs no algorithm, and nothing else', () => {
  const without = /Sealer|OAuth|^generateKey$|^hmac(Hex)?$|^digest$|^md5$|^sha\d+$|^constantTimeEqual$/;
  assert.equal(
    Object.keys(light).sort(),
    Object.keys(whole)
      .filter((name) => !without.test(name))
      .sort(),
  );
});

entry('gives the same values as the whole, so that a secret of one is a secret of the other', () => {
  for (const [name, value] of Object.entries(light)) assert.is(value, (whole as Record<string, unknown>)[name], name);
});

entry.run();

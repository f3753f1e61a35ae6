import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { maskSecret } from '../../src/emulator/mask-secret.ts';

const mask = suite('mask-secret');

mask('shows the beginning of the SHA-256 of FIPS 180-4’s example', () =>
  assert.is(maskSecret('abc'), 'sha256:ba7816bf'),
);

mask('takes any text, shows equal ones as equal and nothing of them', async () => {
  await property(
    fc.property(fc.string({ unit: 'binary', minLength: 12 }), fc.string({ unit: 'binary' }), (one, other) => {
      assert.match(maskSecret(one), /^sha256:[0-9a-f]{8}$/);
      assert.is(maskSecret(one), maskSecret(`${one}`));
      assert.not.ok(maskSecret(one).includes(one));
      maskSecret(`${other}\ud800`);
    }),
  );
});

mask.run();

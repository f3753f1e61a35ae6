import { signSession } from '@x/quickblox/signature';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSignWithSdk } from '../src/sdk-signing.ts';

const keys = { applicationId: 716730, authKey: 'bbfeCwWtz8dqF4F', authSecret: 'YYXAU8BEYBfv0Fn' };
const signing = suite('official SDK · signing');

for (const hash of ['sha1', 'sha256'] as const) {
  const sign = createSignWithSdk({ ...keys, hash });

  signing(`our ${hash} signatures are the SDK's, whatever the values`, async () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    const login = fc.oneof(
      fc.record({ login: text, password: text }),
      fc.record({ email: text, password: text }),
      fc.record({ provider: text, keys: fc.record({ token: text, secret: text }), scope: text }),
      fc.constant({}),
    );
    await property(
      fc.property(login, (params) => {
        const { signature, ...parameters } = sign(params);
        assert.is(signSession(parameters, { secret: keys.authSecret, hash }).signature, signature);
      }),
    );
  });
}

signing('two applications are signed for by turns, each with its own secret', () => {
  const one = createSignWithSdk(keys);
  const two = createSignWithSdk({ ...keys, authSecret: 'another' });
  for (const [sign, secret] of [
    [one, keys.authSecret],
    [two, 'another'],
    [one, keys.authSecret],
  ] as const) {
    const { signature, ...parameters } = sign({});
    assert.is(signSession(parameters, { secret }).signature, signature);
  }
});

signing.run();

import { Secret } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { basicAuthorization, deriveAccessToken } from '../src/credential.ts';
import { authorizationVectors, installVectors, v1 } from './vectors.ts';

const derive = suite('nexudus · deriveAccessToken');

for (const { name, t, secret, auth } of installVectors) {
  derive(`agrees with ${name}`, () => {
    assert.is(deriveAccessToken(t, secret), auth);
    assert.is(deriveAccessToken(new Secret(t), new Secret(secret)), auth);
  });
}

derive('agrees with V13, which no verified link leads to', () => {
  assert.is(deriveAccessToken('634963729314011098', v1.secret), '76670fd4ce8c62ca60a3b8cc6bb1b2e3');
});

derive('refuses an empty token and an empty secret', () => {
  const isTypeError = (error: unknown): boolean => error instanceof TypeError;
  assert.throws(() => deriveAccessToken('', 'secret'), isTypeError);
  assert.throws(() => deriveAccessToken('token', ''), isTypeError);
});

derive.run();

const basic = suite('nexudus · basicAuthorization');

for (const { name, a, auth, header } of authorizationVectors) {
  basic(`agrees with ${name}`, () => {
    assert.is(basicAuthorization(a, auth), header);
    assert.is(basicAuthorization(a, new Secret(auth)), header);
  });
}

basic('encodes as UTF-8', () => {
  assert.is(basicAuthorization('admin@example.com', 'pä:ss€'), 'Basic YWRtaW5AZXhhbXBsZS5jb206cMOkOnNz4oKs');
});

basic('refuses a key that is empty or would end early', () => {
  const namesKey = (error: unknown): boolean => error instanceof TypeError && /applicationKey/.test(error.message);
  for (const key of ['', 'a:b', undefined as never]) assert.throws(() => basicAuthorization(key, 'token'), namesKey);
});

basic.run();

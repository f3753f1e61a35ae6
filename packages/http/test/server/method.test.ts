import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refuseMethod } from '../../src/server/method.ts';

const url = 'https://app.example/callback';

const method = suite('method · refuseMethod');

method('lets an allowed method pass', () => {
  assert.is(refuseMethod(new Request(url, { method: 'POST' }), ['GET', 'POST']), undefined);
});

for (const name of ['HEAD', 'PUT', 'OPTIONS', 'PURGE', 'get-it']) {
  method(`refuses ${name} with what is allowed instead`, async () => {
    const refusal = refuseMethod(new Request(url, { method: name }), ['GET', 'POST']);
    assert.is(refusal?.status, 405);
    assert.is(refusal?.headers.get('allow'), 'GET, POST');
    assert.equal(await refusal?.json(), { status: 405, code: 'method-not-allowed' });
  });
}

method.run();

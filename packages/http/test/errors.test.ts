import { inspect } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ContractError, CredentialError, isXError, RequestError, ResponseError, XError } from '../src/errors.ts';

const errors = suite('errors');
const base = { provider: 'sample', message: 'it failed' } as const;
const all: readonly [XError, XError, XError, XError, XError] = [
  new XError({ ...base, code: 'sample.code' }),
  new RequestError({ ...base, code: 'http.network' }),
  new ResponseError({ ...base, code: 'http.server', status: 500, fault: { body: 'marker' } }),
  new ContractError({ ...base, issues: [{ path: 'id', expected: 'string' }] }),
  new CredentialError({ ...base, code: 'credential.refused' }),
];

const plain: readonly [error: XError, json: Record<string, unknown>][] = [
  [all[0], { name: 'XError', code: 'sample.code' }],
  [all[1], { name: 'RequestError', code: 'http.network' }],
  [all[2], { name: 'ResponseError', code: 'http.server', status: 500 }],
  [all[3], { name: 'ContractError', code: 'http.contract-broken', issues: [{ path: 'id', expected: 'string' }] }],
  [all[4], { name: 'CredentialError', code: 'credential.refused' }],
  [
    new CredentialError({ ...base, code: 'credential.expired', reason: 'answer-lost' }),
    { name: 'CredentialError', code: 'credential.expired', reason: 'answer-lost' },
  ],
  [
    new ResponseError({ ...base, code: 'http.server', status: 503, retryAfterMs: 7, requestId: 'r-1' }),
    { name: 'ResponseError', code: 'http.server', status: 503, retryAfterMs: 7, requestId: 'r-1' },
  ],
];
for (const [error, expected] of plain) {
  errors(`${JSON.stringify(expected)} is what its JSON adds to provider and message`, () => {
    assert.equal(JSON.parse(JSON.stringify(error)), { ...expected, provider: 'sample', message: 'it failed' });
    assert.equal([error.name, error.code], [expected['name'], expected['code']]);
  });
}

for (const error of all) {
  errors(`${error.name} is an Error, an XError, and says so across copies`, () => {
    assert.instance(error, Error);
    assert.instance(error, XError);
    assert.ok(isXError(error));
    assert.ok(isXError({ [Symbol.for('@x/http.XError')]: true }));
  });

  errors(`${error.name} shows name, code, provider and message`, () => {
    const json = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
    assert.equal(
      [json['name'], json['code'], json['provider'], json['message']],
      [error.name, error.code, 'sample', 'it failed'],
    );
  });
}

errors('a fault is there to be read and not to be logged', () => {
  const error = new ResponseError({ ...base, code: 'http.server', status: 500, fault: { text: 'marker' } });
  assert.equal(error.fault, { text: 'marker' });
  assert.not.match(
    `${inspect(error, { depth: null, showHidden: true })}${JSON.stringify(error)}${String(error)}`,
    'marker',
  );
});

errors('nothing else is an XError', () => {
  for (const value of [undefined, null, 1, 'XError', {}, new Error('no')]) assert.not(isXError(value));
});

errors('a cause is kept only when there is one, and as far as it is safe to show', () => {
  assert.not('cause' in new XError({ ...base, code: 'a.b' }));
  const inner = new XError({ ...base, code: 'a.b' });
  assert.is(new XError({ ...base, code: 'c.d', cause: inner }).cause, inner);
  for (const cause of ['marker', new RangeError('marker'), { marker: 'marker' }, null]) {
    const error = new XError({ ...base, code: 'c.d', cause });
    assert.not.match(inspect(error, { depth: null, showHidden: true }), 'marker');
    assert.is((error.cause as Error).name, cause instanceof RangeError ? 'RangeError' : 'Error');
  }
});

errors.run();

import { RequestError, ResponseError } from '@x/http';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isQuickBloxFault, isSessionGone, mapFault } from '../src/fault.ts';

const headers = new Headers();
const map = suite('quickblox · mapFault');

const gone = 'Required session does not exist';
/** Bodies of QuickBlox fact sheet §6.2 and §6.3. */
const cases: readonly [status: number, body: string, code: string | undefined][] = [
  [422, '{"errors":{"base":["Unexpected signature"]}}', 'quickblox.bad-signature'],
  [422, '{"errors":{"base":["Bad timestamp"]}}', 'quickblox.bad-timestamp'],
  [422, '{"errors":{"base":["No application found"]}}', 'quickblox.unknown-application'],
  [422, '{"errors":{"base":["Nonce has already been used"]}}', 'quickblox.nonce-reused'],
  [401, '{"errors":["Unauthorized"]}', 'quickblox.bad-credentials'],
  [401, '{"errors":{"base":["Unauthorized"]}}', 'quickblox.bad-credentials'],
  [400, '{"errors":["Bad request"]}', undefined],
  [405, '{"errors":["AI extension is not enabled"]}', 'quickblox.feature-disabled'],
  [422, '{"code":422,"message":"Bad timestamp"}', 'quickblox.bad-timestamp'],
  [422, '{"errors":["Bad Authentication data"]}', 'quickblox.provider-refused'],
  [401, '{"errors":["Token is required"]}', 'quickblox.token-missing'],
  [401, `{"errors":{"base":["${gone}"]}}`, 'quickblox.session-gone'],
  [401, `{"errors":["${gone}"]}`, 'quickblox.session-gone'],
  [401, `{"errors":"${gone}"}`, 'quickblox.session-gone'],
  [401, `{"code":401,"message":"${gone}"}`, 'quickblox.session-gone'],
  [401, `{"errors":{"base":["${gone.toUpperCase()}"]}}`, 'quickblox.session-gone'],
  [404, `{"code":404,"message":"${gone}"}`, undefined],
  [422, `{"errors":{"base":["${gone}"]}}`, 'quickblox.validation'],
  [401, gone, 'quickblox.session-gone'],
  [422, '{"errors":{"base":["Forbidden. Need user."]}}', 'quickblox.user-required'],
  [401, '{"errors":{"base":["Authorization failed"]}}', 'quickblox.bad-api-key'],
  [401, '{"errors":{"base":["Authorized access only"]}}', 'quickblox.bad-api-key'],
  [429, '{"errors":["anything"]}', 'quickblox.rate-limited'],
  [429, '<html>', 'quickblox.rate-limited'],
  [405, '', 'quickblox.feature-disabled'],
  [422, '{"errors":{"login":["has already been taken"]}}', 'quickblox.validation'],
  [422, '{"errors":{"login":"has already been taken"}}', 'quickblox.validation'],
  [422, '{"errors":{"password":["Bad timestamp"]}}', 'quickblox.validation'],
  [422, '{"errors":["something else"]}', 'quickblox.validation'],
  [422, '<html>unprocessable</html>', undefined],
  [401, '', undefined],
  [401, ' ', undefined],
  [403, '{"errors":["not an occupant"]}', undefined],
  [404, '{"code":404,"message":"Not found"}', undefined],
  [422, '{"errors":{"base":[7]}}', 'quickblox.validation'],
  [422, '{"errors":{"base":["Unexpected signature"],"detail":{"a":1}}}', 'quickblox.bad-signature'],
  [422, '{"errors":{"base":["Bad timestamp"],"login":null}}', 'quickblox.bad-timestamp'],
  [422, '{"errors":{"base":["Forbidden. Need user.",null]}}', 'quickblox.user-required'],
  [401, '{"errors":[{"message":"Unauthorized"}]}', 'quickblox.bad-credentials'],
  [422, '{"code":422,"message":["No application found"]}', 'quickblox.unknown-application'],
  [422, '{"code":422,"message":{"base":["Unexpected signature"]}}', 'quickblox.bad-signature'],
  [422, '{"errors":null,"message":"Bad timestamp"}', 'quickblox.bad-timestamp'],
  [422, '{"errors":null}', undefined],
  [401, '{"errors":["the nonce of the ID token does not match"]}', undefined],
  [500, `{"errors":["${gone}"]}`, undefined],
  [500, '<html>Internal Server Error</html>', undefined],
  [503, '', undefined],
  [422, '{"errors":{"base":["Unauthorized"]}}', 'quickblox.validation'],
  [422, '{"errors":["Something else","Bad timestamp"]}', 'quickblox.bad-timestamp'],
  [422, '{"errors":["No unexpected signature"]}', 'quickblox.validation'],
  [422, '{"errors":["Not a bad timestamp"]}', 'quickblox.validation'],
  [422, '{"errors":["There is no application found"]}', 'quickblox.validation'],
  [422, '{"errors":["Neither nonces nor a prenonce"]}', 'quickblox.validation'],
  [422, '{"errors":["A token is required"]}', 'quickblox.validation'],
  [422, '{"errors":["No bad authentication data"]}', 'quickblox.validation'],
  [401, '{"errors":["You are unauthorized"]}', undefined],
];
for (const [status, body, code] of cases) {
  map(`${status} ${body || '(empty)'} is ${code ?? 'left to its status'}`, () => {
    const mapped = mapFault({ status, headers, body });
    assert.is(mapped.code, code);
    assert.is(mapped.fault.body, body);
    if (code === undefined) assert.is(mapped.message, undefined);
    else assert.match(mapped.message ?? '', /^expected [a-z]/);
  });
}

map('is tried with bodies of the length that was logged', () => {
  const lengthOf = (code: string): number | undefined => cases.find((one) => one[2] === code)?.[1].length;
  assert.is(lengthOf('quickblox.bad-timestamp'), 37);
  assert.is(lengthOf('quickblox.bad-credentials'), 27);
});

map('lists texts by field, those of the whole under base', () => {
  const errors = (body: string) => mapFault({ status: 422, headers, body }).fault.errors;
  assert.equal(errors('{"errors":{"base":["a"],"login":"b"}}'), { base: ['a'], login: ['b'] });
  assert.equal(errors('{"errors":["a","b"]}'), { base: ['a', 'b'] });
  assert.equal(errors('{"code":null,"message":"a"}'), { base: ['a'] });
  assert.equal(errors('{"errors":{"user":{"email":["a"],"age":5},"base":"b"}}'), { user: ['a'], base: ['b'] });
  assert.equal(errors('{"errors":[["a",{"text":"b"}],7,null]}'), { base: ['a', 'b'] });
  assert.equal(errors('{"error":"a"}'), {});
  assert.equal(errors('null'), {});
});

map('quotes nothing of the body in its text', () => {
  const bodies = cases.map(([status, body]) => mapFault({ status, headers, body: body.replace('base', 'marker') }));
  for (const { message } of bodies) assert.not.match(message ?? '', /marker|has already been taken/);
});

map.run();

const detect = suite('quickblox · isSessionGone');

detect('does not take every 401 for it: a wrong password is one too', () => {
  assert.is(isSessionGone({ status: 401, body: '{"errors":["Unauthorized"]}' }), false);
  assert.is(isSessionGone({ status: 401, body: '' }), false);
});

detect('goes by the status and the text together', () => {
  assert.is(isSessionGone({ status: 401, body: gone }), true);
  for (const status of [200, 403, 404, 422, 429, 500]) assert.is(isSessionGone({ status, body: gone }), false);
});

detect.run();

const narrow = suite('quickblox · isQuickBloxFault');

narrow('knows the answers of QuickBlox among other errors', () => {
  const init = { code: 'quickblox.validation', status: 422, message: 'm', fault: { errors: {}, body: '' } };
  assert.is(isQuickBloxFault(new ResponseError({ ...init, provider: 'quickblox' })), true);
  assert.is(isQuickBloxFault(new ResponseError({ ...init, provider: 'hubrise' })), false);
  assert.is(isQuickBloxFault(new RequestError({ code: 'http.network', message: 'm', provider: 'quickblox' })), false);
  assert.is(isQuickBloxFault(new Error('m')), false);
  assert.is(isQuickBloxFault(undefined), false);
});

narrow.run();

const properties = suite('quickblox · fault · properties');
const status = fc.integer({ min: 400, max: 599 });

properties('never throws, whatever the body', () =>
  property(
    fc.property(
      status,
      fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json(), fc.json({ maxDepth: 8 })),
      (code, body) => {
        assert.is(mapFault({ status: code, headers, body }).fault.body, body);
      },
    ),
  ),
);

properties('never throws, whatever stands under errors', () =>
  property(
    fc.property(status, fc.jsonValue(), (code, errors) => {
      const { fault } = mapFault({ status: code, headers, body: JSON.stringify({ errors, message: errors }) });
      for (const texts of Object.values(fault.errors)) assert.ok(texts.every((text) => typeof text === 'string'));
    }),
  ),
);

properties('survives nesting that no parser should walk, and names that objects have of their own', () => {
  const deep = `{"errors":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
  assert.equal(mapFault({ status: 422, headers, body: deep }).fault.errors, { base: [] });
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const body = `{"errors":{"${name}":["Unexpected signature"]}}`;
    assert.is(mapFault({ status: 422, headers, body }).code, 'quickblox.validation');
  }
  assert.is(({} as Record<string, unknown>)['base'], undefined);
});

properties.run();

import { ResponseError } from '@x/http';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isNexudusFault, mapFault } from '../src/fault.ts';

const map = suite('nexudus · mapFault');

const refusal = JSON.stringify({
  Message: 'Name: is required',
  Value: null,
  Errors: [{ AttemptedValue: 'marker', Message: 'is required', PropertyName: 'Name' }],
  WasSuccessful: false,
});
const issue = { property: 'Name', message: 'is required' };

const table: readonly (readonly [
  status: number,
  body: string,
  code: string | undefined,
  message: string | undefined,
])[] = [
  [401, '', 'nexudus.credentials-refused', undefined],
  [401, refusal, 'nexudus.credentials-refused', 'Name: is required'],
  [400, refusal, 'nexudus.refused', 'Name: is required'],
  [409, '', 'http.rate-limited', undefined],
  [409, '<html>wait</html>', 'http.rate-limited', undefined],
  [409, refusal, 'nexudus.refused', 'Name: is required'],
  [429, '', 'http.rate-limited', undefined],
  [403, '', 'nexudus.blocked', undefined],
  [403, '<!doctype html><title>Denied</title>', 'nexudus.blocked', undefined],
  [403, 'No access here', undefined, 'No access here'],
  [400, ' Your booking is too short ', undefined, 'Your booking is too short'],
  [404, '', undefined, undefined],
  [500, '<html>', undefined, undefined],
  [400, JSON.stringify({ WasSuccessful: false, Message: '<!doctype html><script>' }), 'nexudus.refused', undefined],
  [400, JSON.stringify({ WasSuccessful: false, Message: 'No <b>way</b>' }), 'nexudus.refused', undefined],
  [400, JSON.stringify({ WasSuccessful: false, Message: '1 < 2 > 0' }), 'nexudus.refused', '1 < 2 > 0'],
  [400, 'See <a href=x>here</a>', undefined, undefined],
  [400, 'Not <a<b>', undefined, undefined],
  [400, 'Not <a<b', undefined, 'Not <a<b'],
  [500, '{"broken', undefined, undefined],
  [400, '{"error":"invalid_grant"}', undefined, undefined],
];
for (const [status, body, code, message] of table) {
  map(`takes ${status} with ${JSON.stringify(body.slice(0, 30))} for ${code ?? 'what the status says'}`, () => {
    const mapped = mapFault({ status, headers: new Headers(), body });
    assert.is(mapped.code, code);
    assert.equal(mapped.fault, { message, issues: body === refusal ? [issue] : [] });
    assert.not.ok(JSON.stringify(mapped).includes('marker'));
  });
}

map('cuts long texts', () => {
  const { fault } = mapFault({ status: 400, headers: new Headers(), body: 'x'.repeat(10_000) });
  assert.is((fault as { message: string }).message.length, 500);
});

map('never throws', async () => {
  await property(
    fc.property(
      fc.integer({ min: 400, max: 599 }),
      fc.oneof(fc.string({ unit: 'binary' }), fc.json()),
      (status, body) => {
        mapFault({ status, headers: new Headers(), body });
      },
    ),
  );
});

map.run();

const guard = suite('nexudus · isNexudusFault');

guard('tells our faults from others', () => {
  const init = { code: 'nexudus.refused', status: 400, message: 'refused' };
  const fault = { message: 'no', issues: [] };
  assert.is(isNexudusFault(new ResponseError({ ...init, provider: 'nexudus', fault })), true);
  assert.is(isNexudusFault(new ResponseError({ ...init, provider: 'hubrise', fault })), false);
  assert.is(isNexudusFault(new ResponseError({ ...init, provider: 'nexudus' })), false);
  assert.is(isNexudusFault(new Error('no')), false);
  assert.is(isNexudusFault(undefined), false);
});

guard.run();

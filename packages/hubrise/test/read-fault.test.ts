import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readFault } from '../src/read-fault.ts';

const fault = suite('hubrise · readFault');

const nothing = { type: undefined, message: undefined, errors: [] };
const bodies: [body: string, expected: ReturnType<typeof readFault>][] = [
  ['', nothing],
  ['<html>', nothing],
  ['null', nothing],
  ['[]', nothing],
  ['{}', nothing],
  ['{"error":"invalid_grant"}', { type: 'invalid_grant', message: 'invalid_grant', errors: [] }],
  ['{"error":"e","error_description":"d","message":"m"}', { type: 'e', message: 'd', errors: [] }],
  ['{"error":"e","message":"m"}', { type: 'e', message: 'm', errors: [] }],
  ['{"error_type":"t","message":7}', { type: 't', message: undefined, errors: [] }],
  ['{"error_type":{"a":1},"message":"m","errors":"x"}', { type: undefined, message: 'm', errors: [] }],
  [
    '{"errors":[{"field":"f","message":"m","more":1},7,{"field":1,"message":"m"},null]}',
    { ...nothing, errors: [{ field: 'f', message: 'm' }] },
  ],
  [`{"message":"${'m'.repeat(600)}"}`, { ...nothing, message: 'm'.repeat(500) }],
];
for (const [body, expected] of bodies) {
  fault(`reads ${body.slice(0, 60)}`, () => assert.equal(readFault(body), expected));
}

fault('never throws for any body', async () => {
  await property(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      assert.ok(Array.isArray(readFault(body).errors));
    }),
  );
});
fault.run();

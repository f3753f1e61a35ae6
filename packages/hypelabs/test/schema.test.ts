import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { AuthorizationRequest } from '../src/schema.ts';

const wire = { api_user: 'u', api_secret: 's', access_token: 't', token_type: 'Bearer' };
const parsed = { apiUser: 'u', apiSecret: 's', accessToken: 't', tokenType: 'Bearer', userIdentifier: undefined };

const schema = suite('hypelabs · AuthorizationRequest');

const good: readonly [name: string, value: object, expected: object][] = [
  ['the documented members', { ...wire, user_identifier: '7' }, { ...parsed, userIdentifier: 7 }],
  ['a number', { ...wire, user_identifier: 7 }, { ...parsed, userIdentifier: 7 }],
  ['no identifier', wire, parsed],
  ['null', { ...wire, user_identifier: null }, parsed],
  ['unknown members', { ...wire, more: {} }, parsed],
  ['api_password', { ...wire, api_secret: undefined, api_password: 's' }, parsed],
  ['both, equal', { ...wire, api_password: 's' }, parsed],
];
for (const [name, value, expected] of good) {
  schema(`reads ${name}`, () => assert.equal(v.parse(AuthorizationRequest, value), expected));
}

const bad: readonly [name: string, value: unknown][] = [
  ['nothing', undefined],
  ['no user', { ...wire, api_user: undefined }],
  ['no secret', { ...wire, api_secret: undefined }],
  ['two secrets', { ...wire, api_password: 'other' }],
  ['a token that is a number', { ...wire, access_token: 123 }],
  ['no type', { ...wire, token_type: undefined }],
  ['an identifier out of range', { ...wire, user_identifier: -1 }],
  ['an identifier that is true', { ...wire, user_identifier: true }],
];
for (const [name, value] of bad) {
  schema(`refuses ${name}`, () => assert.is(v.safeParse(AuthorizationRequest, value).success, false));
}

schema.run();

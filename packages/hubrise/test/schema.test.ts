import { Secret } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { Account, Connection, Location, User } from '../src/schema.ts';

const schema = suite('hubrise · schema');

schema('turns the token into a secret', () => {
  const { accessToken } = v.parse(Connection, { access_token: 'b9922a78' });
  assert.instance(accessToken, Secret);
  assert.is(accessToken.reveal(), 'b9922a78');
});

const accepted: [name: string, of: v.GenericSchema, value: object, expected?: object][] = [
  ['a bare location', Location, { id: 'a-1' }],
  [
    'a full location, with members that are not known',
    Location,
    {
      id: '3r4s3-1',
      name: 'Paris',
      account: { id: '3r4s3', name: 'Shop', currency: 'EUR', plan: 'x' },
      address: '1 Rue',
      postal_code: '75001',
      city: 'Paris',
      country: 'FR',
      timezone: { name: 'Europe/Paris', offset: 7200 },
      cutoff_time: '06:00',
      opening_hours: { monday: [{ from: '10:00', to: '22:00' }], sunday: null },
      preparation_time: 20,
      order_acceptance: { mode: 'busy', extra_preparation_time: 15, resume_at: '2026-01-01T12:00:00+01:00' },
      custom_fields: { pos: { id: 1 } },
      since: 2019,
    },
  ],
  ['nulls', Location, { id: 'a-1', name: null, opening_hours: null, order_acceptance: null, custom_fields: null }],
  ['a mode that is not known', Location, { id: 'a-1', order_acceptance: { mode: 'closed' } }],
  [
    'online, as it was printed once',
    Location,
    { id: 'a-1', order_acceptance: { mode: 'online' } },
    { id: 'a-1', order_acceptance: { mode: 'normal' } },
  ],
  ['an account', Account, { id: '3r4s3', name: 'Shop', currency: 'EUR' }],
  ['a user without e-mail', User, { id: 'u1', first_name: 'Ada', last_name: null, locales: ['fr-FR'] }],
];
for (const [name, of, value, expected = value] of accepted) {
  schema(`accepts ${name}`, () => assert.equal(v.parse(of, value), expected));
}

const refused: [name: string, of: v.GenericSchema, value: unknown][] = [
  ['a location without an id', Location, { name: 'Paris' }],
  ['a location with a number for an id', Location, { id: 1 }],
  ['opening hours that are text', Location, { id: 'a-1', opening_hours: 'always' }],
  ['an account without an id', Account, {}],
  ['a user that is null', User, null],
  ['a connection without a token', Connection, { location_id: 'a-1' }],
];
for (const [name, of, value] of refused) {
  schema(`refuses ${name}`, () => assert.is(v.safeParse(of, value).success, false));
}
schema.run();

import { Secret } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { changeWire, defaultWire, splitAuthorization, type Wire, writeBody } from '../../src/emulator/wire.ts';
import { AuthorizationRequest } from '../../src/schema.ts';

const split = suite('hypelabs · emulator · splitAuthorization');

const splits: readonly [
  authorization: string,
  wire: Partial<Wire>,
  tokenType: string | undefined,
  accessToken: string,
][] = [
  ['Bearer 123456789', {}, 'Bearer', '123456789'],
  ['Bearer a b', {}, 'Bearer', 'a b'],
  ['Bearer a b', { splitOn: 'last' }, 'Bearer a', 'b'],
  ['Bearer a', { splitOn: 'never' }, undefined, 'Bearer a'],
  ['Bearer  a', {}, 'Bearer', ' a'],
  [' a', {}, '', 'a'],
  ['Bearer ', {}, 'Bearer', ''],
  ['Bearer\ta', {}, undefined, 'Bearer\ta'],
  ['0123456789abcdef', {}, undefined, '0123456789abcdef'],
  ['0123456789abcdef', { noPrefix: 'empty' }, '', '0123456789abcdef'],
  ['0123456789abcdef', { noPrefix: 'whole' }, '0123456789abcdef', ''],
  ['', {}, undefined, ''],
];
for (const [authorization, wire, tokenType, accessToken] of splits) {
  split(`splits ${JSON.stringify(authorization)} with ${JSON.stringify(wire)}`, () => {
    assert.equal(splitAuthorization(authorization, { ...defaultWire, ...wire }), { tokenType, accessToken });
  });
}

split.run();

const change = suite('hypelabs · emulator · changeWire');

change('keeps what is not named, or is undefined', () => {
  const typo = changeWire(defaultWire, { contentType: 'typo' });
  assert.equal(typo, { ...defaultWire, contentType: 'typo' });
  assert.equal(changeWire(typo, { contentType: undefined, bom: true } as object), { ...typo, bom: true });
  assert.equal(changeWire(defaultWire), defaultWire);
});

for (const changes of [
  { splitOn: 'frist' },
  { noPrefix: true },
  { contentType: 'json' },
  { secretMember: 'api_secert' },
  { userIdentifier: 7 },
  { duplicate: 'members' },
  { extraMembers: 'x' },
  { bom: 'yes' },
  { contentTyp: 'typo' },
]) {
  change(`refuses ${JSON.stringify(changes)}`, () => {
    const [name = ''] = Object.keys(changes);
    assert.throws(
      () => changeWire(defaultWire, changes as Partial<Wire>),
      (error: Error) => error instanceof TypeError && error.message.startsWith(name),
    );
  });
}

change.run();

const write = suite('hypelabs · emulator · writeBody');

const parts = { apiUser: 'u', apiSecret: new Secret('s'), authorization: 'Bearer t', userIdentifier: 7 };
const head = '"api_user":"u","api_secret":"s","access_token":"t","token_type":"Bearer"';

const bodies: readonly [wire: Partial<Wire>, body: string, contentType: string | undefined][] = [
  [{}, `{${head},"user_identifier":"7"}`, 'application/json'],
  [{ contentType: 'typo' }, `{${head},"user_identifier":"7"}`, 'appliation/json'],
  [{ contentType: 'none' }, `{${head},"user_identifier":"7"}`, undefined],
  [{ userIdentifier: 'number' }, `{${head},"user_identifier":7}`, 'application/json'],
  [{ userIdentifier: 'null' }, `{${head},"user_identifier":null}`, 'application/json'],
  [{ userIdentifier: 'omit' }, `{${head}}`, 'application/json'],
  [{ bom: true, userIdentifier: 'omit' }, `\u{FEFF}{${head}}`, 'application/json'],
  [
    { secretMember: 'api_password', userIdentifier: 'omit' },
    `{${head.replace('api_secret', 'api_password')}}`,
    'application/json',
  ],
  [
    { secretMember: 'both', userIdentifier: 'omit' },
    `{${head.replace(',"access', ',"api_password":"s","access')}}`,
    'application/json',
  ],
  [
    { duplicate: 'member', userIdentifier: 'omit' },
    `{${head.replace('"access', '"access_token":"superseded","access')}}`,
    'application/json',
  ],
  [
    { extraMembers: { more: [1], __proto__x: null }, userIdentifier: 'omit' },
    `{${head},"more":[1],"__proto__x":null}`,
    'application/json',
  ],
  [
    { contentType: 'form', extraMembers: { more: [1] } },
    'api_user=u&api_secret=s&access_token=t&token_type=Bearer&user_identifier=7&more=%5B1%5D',
    'application/x-www-form-urlencoded',
  ],
];
for (const [wire, body, contentType] of bodies) {
  write(`writes with ${JSON.stringify(wire)}`, () => {
    const written = writeBody(parts, { ...defaultWire, ...wire });
    assert.is(new TextDecoder('utf-8', { ignoreBOM: true }).decode(written.bytes), body);
    assert.is(written.contentType, contentType);
    if (contentType === 'application/json') {
      const json: unknown = JSON.parse(body.replace('\u{FEFF}', ''));
      assert.is(v.safeParse(AuthorizationRequest, json).success, true);
    }
  });
}

write('leaves out an identifier that is not set', () => {
  const { bytes } = writeBody({ ...parts, userIdentifier: undefined }, defaultWire);
  assert.is(new TextDecoder().decode(bytes), `{${head}}`);
});

write.run();

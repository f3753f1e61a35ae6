import { createHmac } from 'node:crypto';
import { manualClock, property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { application } from '../harness.ts';
import vectors from '../vectors/signature.json' with { type: 'json' };
import { asJson, clock, create, expiryOf, make, nowSeconds, post, signed } from './harness.ts';

const order = suite('quickblox · emulator · session routes');

const passed = ['body', 'parameters', 'application', 'timestamp', 'nonce', 'signature', 'credentials'];
const user = { 'user[login]': 'anna', 'user[password]': 'wrong' };
/** Each row breaks its own check and all that come after it: the first one decides. */
const rows: readonly [check: string, body: () => BodyInit, status: number, text: string][] = [
  ['body', () => '{', 400, '{"errors":{"base":["Bad request"]}}'],
  ['parameters', () => new URLSearchParams({ application_id: '1' }), 422, '{"errors":{"auth_key":["is required"]'],
  [
    'application',
    () => new URLSearchParams({ ...signed({ ...user, timestamp: '1' }), auth_key: 'x', signature: 'x' }),
    422,
    '{"errors":{"base":["No application found"]}}',
  ],
  [
    'timestamp',
    () => new URLSearchParams({ ...signed({ ...user, timestamp: '1' }), signature: 'x' }),
    422,
    '{"errors":{"base":["Bad timestamp"]}}',
  ],
  [
    'signature',
    () => new URLSearchParams({ ...signed(user), signature: 'x' }),
    422,
    '{"errors":{"base":["Unexpected signature"]}}',
  ],
  ['credentials', () => new URLSearchParams(signed(user)), 401, '{"errors":["Unauthorized"]}'],
];
for (const [check, body, status, text] of rows) {
  order(`${check} is refused with ${status} before anything after it is looked at`, async () => {
    const emulator = make();
    const headers = check === 'body' ? asJson : {};
    const answer = await post(emulator, '/session.json', body(), headers);
    assert.is(answer.status, status);
    assert.ok((await answer.text()).startsWith(text));
    assert.is(expiryOf(answer) !== null, check === 'credentials', 'the end is told from the credentials on');
    assert.is(answer.headers.has('www-authenticate'), status === 401);
    const [entry] = emulator.journal.entries;
    const names = passed.slice(0, passed.indexOf(check) + 1);
    assert.equal(
      entry?.checks.map(({ name, ok }) => [name, ok]),
      names.map((name) => [name, name !== check]),
    );
  });
}

order('refuses a pair of timestamp and nonce the second time, before its signature, and warns', async () => {
  const emulator = make();
  assert.is((await create(emulator, signed())).status, 201);
  const again = await create(emulator, { ...signed(), signature: 'x' });
  assert.is(again.status, 422);
  assert.match(await again.text(), /Nonce has already been used/);
  assert.is((await create(emulator, signed({ timestamp: String(nowSeconds + 1) }))).status, 201, 'the pair counts');
  assert.equal(emulator.journal.warnings(), ['a pair of nonce and timestamp was used again']);
});

order('remembers pairs for as long as their timestamp is good', async () => {
  const own = manualClock();
  const emulator = make({ clock: own });
  const early = signed({ timestamp: String(nowSeconds + 3600) });
  assert.is((await create(emulator, early)).status, 201);
  own.advance(7_200_000);
  assert.match(await (await create(emulator, early)).text(), /Nonce/);
  own.advance(2000);
  assert.match(await (await create(emulator, early)).text(), /Bad timestamp/);
});

for (const [offSeconds, status] of [
  [3600, 201],
  [-3600, 201],
  [3601, 422],
  [-3601, 422],
] as const) {
  order(`answers ${status} when the timestamp is ${offSeconds} s off`, async () => {
    assert.is((await create(make(), signed({ timestamp: String(nowSeconds + offSeconds) }))).status, status);
  });
}

for (const bare of [
  { login: 'anna', password: 'p' },
  { 'user.email': 'a@b', 'user.password': 'p' },
]) {
  order(`makes a session of the application, and warns, of ${Object.keys(bare).join(' and ')}`, async () => {
    const emulator = make();
    const answer = await create(emulator, signed(bare as Record<string, string>));
    const { session } = (await answer.json()) as { session: { user_id: number } };
    assert.equal([answer.status, session.user_id], [201, 0]);
    assert.equal(emulator.journal.warnings(), ['a user was named outside the group user, which counts for nothing']);
  });
}

order('refuses settings that there are not, which would change nothing', () => {
  const emulator = make();
  for (const settings of [{ skew: 5 }, { expiryformat: 'absent' }, { toString: 1 }, { applications: [] }]) {
    const text = new RegExp(`^${Object.keys(settings)[0]} is no option$`);
    assert.throws(() => emulator.change(settings as never), text);
    if (!('applications' in settings)) assert.throws(() => make(settings as never), text);
  }
  assert.throws(() => emulator.change(undefined as never), /^options must be an object$/);
});

order('warns of a timestamp in milliseconds', async () => {
  const emulator = make();
  assert.is((await create(emulator, signed({ timestamp: String(clock()) }))).status, 422);
  assert.match(emulator.journal.warnings().join(), /milliseconds/);
});

for (const [mistake, body, detail] of [
  ['another hash', signed({}, 'as_test', 'sha256'), /signed with sha256, this application uses sha1/],
  ['another secret', signed({}, 'other'), /wrong secret/],
  ['an unsigned parameter', { ...signed(), extra: '1' }, /other parameters than were sent/],
] as const) {
  order(`tells the journal of ${mistake}, and the client nothing`, async () => {
    const emulator = make();
    const answer = await create(emulator, body);
    assert.is(await answer.text(), '{"errors":{"base":["Unexpected signature"]}}');
    assert.match(emulator.journal.entries[0]?.checks.at(-1)?.detail ?? '', detail);
  });
}

order('recognises signing in the order of sending, percent-encoded, and without provider', async () => {
  const hash = (text: string): string => createHmac('sha1', 'as_test').update(text).digest('hex');
  const rest = { application_id: '76730', auth_key: 'ak_test', nonce: '1' };
  const time = String(nowSeconds);
  const mistakes = [
    [
      { timestamp: time, ...rest },
      `timestamp=${time}&application_id=76730&auth_key=ak_test&nonce=1`,
      /order of sending/,
    ],
    [
      { ...rest, timestamp: time, 'user[login]': 'a' },
      `application_id=76730&auth_key=ak_test&nonce=1&timestamp=${time}&user%5Blogin%5D=a`,
      /percent-encoded/,
    ],
    [
      { ...rest, timestamp: time, provider: 'firebase_phone' },
      `application_id=76730&auth_key=ak_test&nonce=1&timestamp=${time}`,
      /without provider/,
    ],
  ] as const;
  for (const [parameters, text, detail] of mistakes) {
    const emulator = make();
    const answer = await create(emulator, { ...parameters, signature: hash(text) });
    assert.is(answer.status, 422);
    assert.match(emulator.journal.entries[0]?.checks.at(-1)?.detail ?? '', detail);
  }
});

for (const { name, secret, parameters, sha1, sha256 } of vectors) {
  order(`accepts ${name} with either hash, as form and as JSON`, async () => {
    const given = parameters as unknown as Record<string, string>;
    for (const [hash, signature] of [
      ['sha1', sha1],
      ['sha256', sha256],
    ] as const) {
      for (const encoding of ['form', 'json']) {
        const emulator = make({
          clock: () => Number(given['timestamp']) * 1000,
          applications: [
            { id: Number(given['application_id']), authKey: given['auth_key'] ?? '', authSecret: secret, hash },
          ],
        });
        const body = { ...given, signature };
        const answer =
          encoding === 'form'
            ? await create(emulator, body)
            : await post(emulator, '/session.json', JSON.stringify(body), asJson);
        const checks = emulator.journal.entries[0]?.checks ?? [];
        assert.ok(
          checks.some((check) => check.name === 'signature' && check.ok),
          await answer.text(),
        );
      }
    }
  });
}

for (const [what, sent, text, refusal] of [
  ['a timestamp with a fraction, signed as the integer', `${nowSeconds}.0`, `${nowSeconds}`, 'Bad timestamp'],
  ['a timestamp with an exponent', '1.7672256e9', '1767225600', 'Bad timestamp'],
  ['a timestamp with a fraction, signed so', `${nowSeconds}.0`, `${nowSeconds}.0`, 'Bad timestamp'],
  ['a timestamp in digits', `${nowSeconds}`, `${nowSeconds}`, undefined],
] as const) {
  order(`${refusal === undefined ? 'takes' : 'refuses'} JSON with ${what}`, async () => {
    const { application_id, auth_key, nonce, signature } = signed({ timestamp: text });
    const rest = JSON.stringify({ application_id, auth_key, nonce, signature });
    const answer = await post(make(), '/session.json', `{"timestamp":${sent},${rest.slice(1)}`, asJson);
    if (refusal === undefined) assert.is(answer.status, 201);
    else assert.equal([answer.status, await answer.json()], [422, { errors: { base: [refusal] } }]);
  });
}

order('takes the number of a nonce as it is written, however large', async () => {
  const nonce = '9007199254740993';
  const { application_id, auth_key, timestamp, signature } = signed({ nonce });
  const rest = JSON.stringify({ application_id, auth_key, timestamp, signature });
  assert.is((await post(make(), '/session.json', `{"nonce":${nonce},${rest.slice(1)}`, asJson)).status, 201);
  const other = `{"nonce":${nonce}.0,${rest.slice(1)}`;
  const refused = await post(make(), '/session.json', other, asJson);
  assert.match(await refused.text(), /Unexpected signature/);
});

order('takes nested JSON with numbers', async () => {
  const { signature, ...rest } = signed({ 'user[login]': 'anna', 'user[password]': 'p@ss w&rd=1+2%20' });
  const body = {
    application_id: 76730,
    auth_key: rest['auth_key'],
    nonce: 1,
    timestamp: nowSeconds,
    user: { login: 'anna', password: 'p@ss w&rd=1+2%20', email: null },
    signature,
  };
  const emulator = make();
  const answer = await post(emulator, '/session.json', JSON.stringify(body), asJson);
  assert.is(answer.status, 201);
  const { session } = (await answer.json()) as { session: Record<string, unknown> };
  assert.equal(
    [session['user_id'], session['application_id'], session['nonce'], session['ts']],
    [7, 76730, 1, nowSeconds],
  );
});

const unparsed: readonly [what: string, body: string, type: string | undefined][] = [
  ['another media type', 'a=b', 'text/plain'],
  ['a form with a broken escape', 'a=%zz', 'application/x-www-form-urlencoded'],
  ['a form with a name twice', 'a=b&a=c', 'application/x-www-form-urlencoded'],
  ['JSON that is a list', '[]', 'application/json'],
  ['JSON with a list inside', '{"a":[1]}', 'application/json'],
  ['JSON with two levels inside', '{"a":{"b":{"c":1}}}', 'application/json'],
  ['JSON with a flag', '{"a":true}', 'application/json'],
  ['JSON that breaks off', '{"a":', 'application/json'],
  ['JSON with what is no number', '{"a":01}', 'application/json'],
  ['JSON with half a character', '{"a":"\\ud800"}', 'application/json'],
  ['JSON with a name of half a character', '{"\\udc00":"a"}', 'application/json'],
];
for (const [what, body, type] of unparsed) {
  order(`does not parse ${what}`, async () => {
    const answer = await post(make(), '/session.json', body, type === undefined ? {} : { 'content-type': type });
    assert.is(answer.status, 400);
  });
}

order('reads a raw plus in a form as a space, the classic mistake', async () => {
  const parameters = signed({ 'user[email]': 'anna+qa@example.com', 'user[password]': 'x' });
  const raw = Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const answer = await post(make(), '/session.json', raw, { 'content-type': 'application/x-www-form-urlencoded' });
  assert.is(answer.status, 422);
});

order('logs in by every kind that it knows and refuses what it does not', async () => {
  const rows: readonly [parameters: Record<string, string>, status: number][] = [
    [{ 'user[login]': 'anna' }, 401],
    [{ 'user[password]': 'p' }, 401],
    [{ 'user[login]': 'nobody', 'user[password]': '' }, 401],
    [{ provider: 'facebook', 'keys[token]': 'facebook-token' }, 201],
    [{ provider: 'facebook', 'keys[token]': 'other' }, 422],
    [{ provider: 'facebook' }, 422],
    [{ provider: 'twitter', 'keys[token]': 'twitter-token' }, 422],
    [{ provider: 'twitter', 'keys[token]': 'twitter-token', 'keys[secret]': 's' }, 201],
    [{ provider: 'firebase_phone', 'firebase_phone[access_token]': 'firebase.id-token' }, 422],
    [
      {
        provider: 'firebase_phone',
        'firebase_phone[access_token]': 'firebase.id-token',
        'firebase_phone[project_id]': 'p',
      },
      201,
    ],
    [{ provider: 'constructor', 'keys[token]': 'facebook-token' }, 422],
  ];
  const emulator = make();
  for (const [index, [parameters, status]] of rows.entries()) {
    const answer = await create(emulator, signed({ ...parameters, nonce: String(index) }));
    assert.is(answer.status, status, JSON.stringify(parameters));
    if (status === 422) assert.is(await answer.text(), '{"errors":["Bad Authentication data"]}');
  }
});

order('asks a custom identity provider and passes its refusal on unchanged', async () => {
  const seen: unknown[] = [];
  const emulator = make({
    applications: [
      {
        ...application,
        identityProvider(given) {
          seen.push(given);
          return given.password === 'good' ? { userId: 8 } : { status: 409, body: 'not { json' };
        },
      },
    ],
  });
  const refused = await create(emulator, signed({ 'user[login]': 'ext', 'user[password]': 'bad' }));
  assert.equal([refused.status, await refused.text()], [409, 'not { json']);
  const accepted = await create(emulator, signed({ nonce: '2', 'user[email]': 'e', 'user[password]': 'good' }));
  assert.is(((await accepted.json()) as { session: { user_id: number } }).session.user_id, 8);
  assert.equal(seen, [
    { login: 'ext', email: undefined, password: 'bad' },
    { login: undefined, email: 'e', password: 'good' },
  ]);
});

order.run();

const properties = suite('quickblox · emulator · properties');

properties('answers anything, and lets nothing in that was not signed', () => {
  const emulator = make();
  const body = fc.oneof(fc.string(), fc.json(), fc.webQueryParameters());
  const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain');
  return property(
    fc.asyncProperty(body, type, fc.constantFrom('/session.json', '/login.json'), async (text, contentType, path) => {
      const answer = await post(emulator, path, text, { 'content-type': contentType });
      assert.ok(answer.status >= 400 && answer.status < 500);
    }),
  );
});

properties.run();

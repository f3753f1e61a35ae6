import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  canonicalizeScope,
  coversScope,
  formatScope,
  type Permission,
  type Permissions,
  parseScope,
  type Scope,
} from '../src/scope/index.ts';

const anyItem = ['location', 'account', 'profile', 'profile_with_email'];
const general = ['profile', 'profile_with_email'];
const resources = ['orders', 'customer_list', 'all_customer_lists', 'catalog', 'all_catalogs', 'inventory'];
const permissions = resources.flatMap((resource) => [`${resource}.read`, `${resource}.write`]) as Permission[];

/** Every scope that the types allow, permissions in any order and with repetitions. */
const arbitraryScope: fc.Arbitrary<Scope> = fc
  .tuple(
    fc.constantFrom('location' as const, 'account' as const, undefined),
    fc.array(fc.constantFrom(...permissions), { minLength: 1, maxLength: 8 }),
    fc.constantFrom('profile' as const, 'profile_with_email' as const, undefined),
  )
  .map(([level, list, profile]): Scope => {
    if (level === undefined) return { profile: profile ?? 'profile' };
    return {
      [level]: list as unknown as Permissions,
      ...(profile === undefined ? {} : { profile }),
    } as unknown as Scope;
  });

const format = suite('hubrise · formatScope');

const formatted: [scope: Scope, text: string][] = [
  [{ profile: 'profile' }, 'profile'],
  [{ profile: 'profile_with_email' }, 'profile_with_email'],
  [{ location: ['orders.write', 'customer_list.write'] }, 'location[orders.write,customer_list.write]'],
  [{ account: ['customer_list.read'], profile: 'profile' }, 'account[customer_list.read],profile'],
  [
    { location: ['orders.write', 'customer_list.write', 'catalog.read'] },
    'location[orders.write,customer_list.write,catalog.read]',
  ],
  [{ account: ['all_catalogs.write', 'inventory.write'] }, 'account[all_catalogs.write,inventory.write]'],
  [{ location: ['catalog.read', 'orders.read', 'orders.write'] }, 'location[orders.write,catalog.read]'],
  [{ location: ['catalog.read', 'all_catalogs.read'] }, 'location[catalog.read,all_catalogs.read]'],
];
for (const [scope, text] of formatted) {
  format(`writes ${text}`, () => assert.is(formatScope(scope), text));
}

const impossible: [scope: unknown, message: RegExp][] = [
  [{}, /location, account or profile/],
  [{ location: [] }, /scope\.location .* at least one/],
  [{ account: 'orders.write' }, /scope\.account .* at least one/],
  [{ location: ['orders'] }, /scope\.location .* such as orders\.write/],
  [{ location: ['orders.delete'] }, /such as/],
  [{ location: ['orders.read.write'] }, /such as/],
  [{ location: [1] }, /such as/],
  [{ location: ['profile'] }, /such as/],
  [{ location: ['orders.read'], account: ['orders.read'] }, /not both/],
  [{ profile: 'email' }, /scope\.profile/],
];
for (const [scope, message] of impossible) {
  format(`refuses ${JSON.stringify(scope)}`, () => {
    assert.throws(
      () => formatScope(scope as Scope),
      (error: unknown) => error instanceof TypeError && message.test(error.message),
    );
  });
}
format.run();

const parse = suite('hubrise · parseScope');

for (const [scope, text] of formatted) {
  parse(`reads ${text}`, () => {
    const result = parseScope(text);
    assert.ok(result.ok);
    assert.equal(result.scope, canonicalizeScope(scope));
  });
}

const collapsing: [text: string, canonical: string, warnings: string[]][] = [
  ['profile,location[orders.read]', 'location[orders.read],profile', ['profile-mixed']],
  ['profile,profile_with_email', 'profile_with_email', ['profile-repeated']],
  ['profile,profile', 'profile', ['profile-repeated']],
  ['location[orders.read,orders.read]', 'location[orders.read]', ['permission-repeated']],
  ['location[orders.read,orders.write]', 'location[orders.write]', ['permission-repeated']],
  ['location[orders.write,orders.read]', 'location[orders.write]', ['permission-repeated']],
  ['location[catalog.read,all_catalogs.read]', 'location[catalog.read,all_catalogs.read]', []],
  ['account[inventory.read,orders.write]', 'account[orders.write,inventory.read]', []],
  [
    'profile,account[orders.read,orders.write],profile_with_email',
    'account[orders.write],profile_with_email',
    ['permission-repeated', 'profile-repeated', 'profile-mixed'],
  ],
];
for (const [text, canonical, warnings] of collapsing) {
  parse(`brings ${text} to ${canonical}`, () => {
    const result = parseScope(text);
    assert.ok(result.ok);
    assert.is(formatScope(result.scope), canonical);
    assert.equal(result.warnings, warnings);
  });
}

const malformed: [text: string, position: number, expected: string[]][] = [
  ['', 0, anyItem],
  ['location', 8, ['[']],
  ['location[]', 9, resources],
  ['account[]', 8, resources],
  ['location[orders]', 15, ['.']],
  ['location[orders.delete]', 16, ['read', 'write']],
  ['location[orders.]', 16, ['read', 'write']],
  ['location[profile]', 9, resources],
  ['location[.read]', 9, resources],
  ['orders.read', 0, anyItem],
  ['location[orders.read', 20, [',', ']']],
  ['location[orders.read,]', 21, resources],
  ['location[orders.read] profile', 21, [',', 'end of text']],
  ['location[orders.read],', 22, general],
  ['location[orders.read]]', 21, [',', 'end of text']],
  ['location[orders.read]profile', 21, [',', 'end of text']],
  ['location[orders.read;catalog.read]', 20, [',', ']']],
  ['location[orders.read, catalog.read]', 21, resources],
  [' profile', 0, anyItem],
  ['profile ', 7, [',', 'end of text']],
  ['profile\n', 7, [',', 'end of text']],
  ['profile,', 8, anyItem],
  [',profile', 0, anyItem],
  ['PROFILE', 0, anyItem],
  ['Location[orders.read]', 0, anyItem],
  ['locations[orders.read]', 0, anyItem],
  ['profile_with_emails', 0, anyItem],
  ['location[orders.reads]', 16, ['read', 'write']],
  ['location[toString.read]', 9, resources],
  ['location[orders.read[', 20, [',', ']']],
  ['location[all_orders.read]', 9, resources],
  ['end of text', 0, anyItem],
];
for (const [text, position, expected] of malformed) {
  parse(`refuses ${JSON.stringify(text)} at ${position}`, () => {
    assert.equal(parseScope(text), { ok: false, reason: 'scope-malformed', position, expected });
  });
}

for (const [text, position] of [
  ['location[orders.read],account[orders.read]', 22],
  ['location[orders.read],location[catalog.read]', 22],
  ['profile,account[orders.read],location[', 29],
] as const) {
  parse(`refuses the second access set of ${text}`, () => {
    assert.equal(parseScope(text), { ok: false, reason: 'access-set-repeated', position, expected: general });
  });
}
parse.run();

const parseProperties = suite('hubrise · parseScope · properties');

parseProperties('reads back what formatScope writes', async () => {
  await property(
    fc.property(arbitraryScope, (scope) => {
      const result = parseScope(formatScope(scope));
      assert.ok(result.ok);
      assert.equal(result.scope, canonicalizeScope(scope));
      assert.is(formatScope(result.scope), formatScope(scope));
    }),
  );
});

parseProperties('canonicalizing twice changes nothing', async () => {
  await property(
    fc.property(arbitraryScope, (scope) => {
      const once = canonicalizeScope(scope);
      assert.equal(canonicalizeScope(once), once);
    }),
  );
});

parseProperties(
  'agrees with the grammar written as one expression, for words of the grammar in any order',
  async () => {
    const permission = '(orders|customer_list|all_customer_lists|catalog|all_catalogs|inventory)\\.(read|write)';
    const set = `(location|account)\\[${permission}(,${permission})*\\]`;
    const one = 'profile(_with_email)?';
    const grammar = new RegExp(`^(?:(?:${one},)*${set}(?:,${one})*|${one}(?:,${one})*)$`);
    const words = fc.constantFrom(
      'location',
      'account',
      '[',
      ']',
      ',',
      '.',
      'orders',
      'catalog',
      'read',
      'write',
      'profile',
      ' ',
    );
    const near = fc.oneof(
      fc.array(words, { maxLength: 12 }).map((list) => list.join('')),
      fc.tuple(arbitraryScope.map(formatScope), fc.nat(), words, fc.nat(1)).map(([text, at, word, cut]) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + word + text.slice(index + cut);
      }),
    );
    await property(
      fc.property(near, (text) => assert.is(parseScope(text).ok, grammar.test(text), text)),
      { runs: 1000 },
    );
  },
);

parseProperties('never throws, and fails at a position inside the text or at its end', async () => {
  await property(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (text) => {
      const result = parseScope(text);
      if (result.ok) return;
      assert.ok(result.position >= 0 && result.position <= text.length);
      assert.ok(result.expected.length > 0);
    }),
  );
});
parseProperties.run();

const covers = suite('hubrise · coversScope');

const coverage: [granted: Scope, wanted: Scope, expected: boolean][] = [
  [{ location: ['orders.write'] }, { location: ['orders.read'] }, true],
  [{ location: ['orders.read'] }, { location: ['orders.write'] }, false],
  [{ location: ['orders.write', 'catalog.read'] }, { location: ['catalog.read'] }, true],
  [{ location: ['orders.write'] }, { location: ['orders.write', 'catalog.read'] }, false],
  [{ location: ['orders.write'] }, { account: ['orders.read'] }, false],
  [{ account: ['orders.write'] }, { location: ['orders.read'] }, false],
  [{ account: ['all_catalogs.write'] }, { account: ['catalog.write'] }, true],
  [{ account: ['all_customer_lists.write'] }, { account: ['customer_list.write'] }, true],
  [{ account: ['all_catalogs.read'] }, { account: ['catalog.write'] }, false],
  [{ account: ['catalog.write'] }, { account: ['all_catalogs.read'] }, false],
  [{ location: ['all_catalogs.read'] }, { location: ['catalog.read'] }, true],
  [{ location: ['all_catalogs.write'] }, { location: ['catalog.read'] }, true],
  [{ location: ['all_catalogs.write'] }, { location: ['catalog.write'] }, false],
  [{ location: ['all_customer_lists.write'] }, { location: ['customer_list.write'] }, false],
  [{ account: ['all_catalogs.write'] }, { account: ['customer_list.read'] }, false],
  [{ location: ['catalog.write'] }, { location: ['inventory.read'] }, false],
  [{ profile: 'profile_with_email' }, { profile: 'profile' }, true],
  [{ profile: 'profile' }, { profile: 'profile_with_email' }, false],
  [{ location: ['orders.write'] }, { profile: 'profile' }, false],
  [{ profile: 'profile' }, { location: ['orders.read'] }, false],
  [{ location: ['orders.write'], profile: 'profile' }, { profile: 'profile' }, true],
  [{ location: ['orders.write'], profile: 'profile' }, { location: ['orders.read'] }, true],
  [
    { location: ['orders.write'], profile: 'profile' },
    { location: ['orders.read'], profile: 'profile_with_email' },
    false,
  ],
];
for (const [granted, wanted, expected] of coverage) {
  covers(`${formatScope(granted)} ${expected ? 'covers' : 'does not cover'} ${formatScope(wanted)}`, () => {
    assert.is(coversScope(granted, wanted), expected);
  });
}
const noScopes: unknown[] = [
  {},
  { location: [] },
  { locations: ['orders.write'] },
  { location: ['orders.read'], account: ['orders.write'] },
  { location: ['order.read'] },
  { profile: 'admin' },
];
for (const wanted of noScopes) {
  covers(`refuses ${JSON.stringify(wanted)}, which is no scope`, () => {
    for (const granted of [{ location: ['orders.read'] }, { profile: 'profile_with_email' }] as const) {
      assert.throws(
        () => coversScope(granted, wanted as Scope),
        (error: unknown) => error instanceof TypeError && /^scope/.test(error.message),
      );
    }
  });
}
covers.run();

const coversProperties = suite('hubrise · coversScope · properties');

coversProperties('every scope covers itself and its canonical form', async () => {
  await property(
    fc.property(arbitraryScope, (scope) => {
      assert.ok(coversScope(scope, canonicalizeScope(scope)));
      assert.ok(coversScope(canonicalizeScope(scope), scope));
    }),
  );
});

coversProperties('what covers a scope covers all that the scope covers', async () => {
  await property(
    fc.property(arbitraryScope, arbitraryScope, arbitraryScope, (a, b, c) => {
      if (coversScope(a, b) && coversScope(b, c)) assert.ok(coversScope(a, c));
    }),
    { runs: 2000 },
  );
});
coversProperties.run();

import { manualClock, seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmulator, type Emulator, type LinkStyle } from '../src/emulator/index.ts';
import { verifyInstall } from '../src/install/index.ts';
import { issuedAtMs, v1 } from './vectors.ts';

function start(options: Parameters<typeof createEmulator>[0] = {}): Emulator {
  return createEmulator({ clock: manualClock(), random: seededRandom(7), ...options });
}

const nowMs = manualClock()();
const at = { applicationKey: v1.a, webAddress: 'solo-loft' };

function register(emulator: Emulator, link: LinkStyle = {}): void {
  emulator.registerApp({ installUrl: 'http://myapp.com/Install', key: v1.a, secret: v1.secret, link });
}

const links = suite('nexudus · emulator · install links');

links('writes V1 as the fact sheet does', () => {
  const emulator = start();
  register(emulator);
  const { url } = emulator.install({
    ...at,
    email: 'user+tag@example.com',
    spelling: { value: { fixed: v1.t } },
    issuedAtMs,
    link: { email: 'escaped' },
  });
  const [before, after] = url.split(/d=\d{18}&h=[0-9a-f]{32}/);
  assert.is(before, `http://myapp.com//Install?a=${v1.a}&t=${v1.t}&`);
  assert.is(after, '&b=solo-loft&e=user%2Btag%40example.com');
});

links('leaves @ and + of the address as they are, as the early documentation does', () => {
  const emulator = start();
  register(emulator);
  const { url } = emulator.install({ ...at, webAddress: 'northwind-harbour' });
  assert.ok(url.endsWith('&b=northwind-harbour&e=ben+desk@northwind.example'));
});

links('is deterministic under clock and random', () => {
  const [one, two] = [start(), start()].map((emulator) => {
    register(emulator);
    return emulator.install(at).url;
  });
  assert.is(one, two);
});

const styles: readonly (readonly [what: string, LinkStyle, expected: string])[] = [
  ['the early documentation', {}, 'ok'],
  ['one slash', { slashes: 'clean' }, 'ok'],
  ['h in capitals', { hashCase: 'upper' }, 'ok'],
  ['an English thread', { culture: 'en' }, 'ok'],
  ['a Danish thread', { culture: 'da' }, 'ok'],
  ['b and e tampered with', { tamper: { b: 'evil', e: 'evil@example.com' } }, 'ok'],
  ['b and e left out', { tamper: { b: null, e: null } }, 'ok'],
  ['b and e repeated', { repeat: ['b', 'e'] }, 'ok'],
  ['a tampered with', { tamper: { a: v1.t } }, 'application-mismatch'],
  ['t tampered with', { tamper: { t: v1.t } }, 'hash-mismatch'],
  ['d tampered with', { tamper: { d: v1.d } }, 'hash-mismatch'],
  ['h tampered with', { tamper: { h: v1.h } }, 'hash-mismatch'],
  ...(['a', 't', 'd', 'h'] as const).flatMap((name) => [
    [`${name} left out`, { tamper: { [name]: null } }, 'parameter-missing'] as const,
    [`${name} repeated`, { repeat: [name] }, 'parameter-repeated'] as const,
  ]),
];
for (const [what, link, expected] of styles) {
  links(`written by ${what} verify as ${expected}`, () => {
    const emulator = start();
    register(emulator, link);
    const { url, installToken } = emulator.install(at);
    const result = verifyInstall(url, { applicationKey: v1.a, secret: v1.secret, clock: manualClock() });
    assert.is(result.ok ? 'ok' : result.reason, expected);
    if (result.ok) assert.is(result.installToken, installToken);
  });
}

for (const [key, token] of [
  ['upper', 'plain'],
  ['plain', 'upper'],
  ['upper', 'upper'],
  ['dashed', 'dashed'],
  ['plain', 'dashed'],
] as const) {
  for (const culture of ['ordinal', 'en', 'da'] as const) {
    links(`verify with key ${key}, token ${token}, sorted as ${culture}`, () => {
      const emulator = start();
      register(emulator, { culture });
      const { url } = emulator.install({ ...at, spelling: { key, token } });
      const sentKey = new URL(url).searchParams.get('a') ?? '';
      assert.is(sentKey.replaceAll('-', '').toLowerCase(), v1.a);
      assert.is(sentKey === v1.a, key === 'plain');
      assert.ok(verifyInstall(url, { applicationKey: sentKey, secret: v1.secret, clock: manualClock() }).ok);
    });
  }
}

links('tells the time of its clock and zone', () => {
  const emulator = start({ zoneOffsetMs: 3_600_000 });
  register(emulator);
  const read = (url: string): number | undefined => {
    const result = verifyInstall(url, {
      applicationKey: v1.a,
      secret: v1.secret,
      clock: manualClock(),
      maxAheadMs: 10 ** 11,
    });
    return result.ok ? result.issuedAtMs : undefined;
  };
  assert.is(read(emulator.install(at).url), nowMs + 3_600_000);
  assert.is(read(emulator.install({ ...at, issuedAtMs: nowMs - 5 }).url), nowMs - 5);
});

links('continue a query that the install URL has', () => {
  const emulator = start();
  emulator.registerApp({ installUrl: 'https://myapp.com/in?x=1', key: v1.a, secret: v1.secret });
  assert.match(emulator.install(at).url, /^https:\/\/myapp\.com\/\/in\?x=1&a=/);
});

links('give the same token also after a removal', () => {
  const emulator = createEmulator({ random: seededRandom(7) });
  emulator.registerApp({ installUrl: 'http://myapp.com/Install', key: v1.a, secret: v1.secret });
  const at = { applicationKey: v1.a, webAddress: 'northwind' };
  emulator.install(at);
  const { installToken } = emulator.install(at);
  emulator.install({ ...at, webAddress: 'solo-loft' });
  emulator.uninstall(at);
  emulator.uninstall({ ...at, webAddress: 'solo-loft' });
  assert.is(emulator.install({ ...at, spelling: { value: 'same' } }).installToken, installToken);
});

links('are made by a clock with parts of a millisecond', () => {
  const emulator = createEmulator({ random: seededRandom(7), clock: () => 1_700_000_000_000.75 });
  emulator.registerApp({ installUrl: 'http://myapp.com/Install', key: v1.a, secret: v1.secret });
  const { url } = emulator.install({ applicationKey: v1.a, webAddress: 'northwind' });
  assert.match(new URL(url).searchParams.get('d') ?? '', /^63835596800000\d{4}$/);
});

links('give a re-install a new token, the same or a fixed one', () => {
  const emulator = start();
  register(emulator);
  const first = emulator.install(at).installToken;
  const second = emulator.install(at).installToken;
  assert.is.not(first, second);
  assert.is(emulator.install({ ...at, spelling: { value: 'same' } }).installToken, second);
  assert.is(emulator.install({ ...at, spelling: { value: { fixed: v1.t } } }).installToken, v1.t);
});

links('need an application and a location', () => {
  const emulator = start();
  register(emulator);
  const isTypeError = (error: unknown): boolean => error instanceof TypeError;
  assert.throws(() => emulator.install({ ...at, applicationKey: v1.t }), isTypeError);
  assert.throws(() => emulator.install({ ...at, webAddress: 'nowhere' }), isTypeError);
  assert.throws(() => emulator.registerApp({ installUrl: '/Install' }), isTypeError);
});

links('refuses options that there are not, which would leave it as it is', () => {
  assert.throws(
    () => createEmulator({ business: [] } as never),
    (error: unknown) => error instanceof TypeError && error.message === 'business is no option',
  );
});

links.run();

const consent = suite('nexudus · emulator · consent');

const question = `https://spaces.nexudus.com/apps/${v1.a}/install`;
const form = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) });

consent('asks, and sends the browser on with 302', async () => {
  const emulator = start();
  register(emulator);
  const asked = await emulator.fetch(`${question}?business=${encodeURIComponent('"><script>')}`);
  assert.is(asked.status, 200);
  assert.not.ok((await asked.text()).includes('<script>'));
  const sent = await emulator.fetch(question, form({ business: 'solo-loft', decision: 'accept' }));
  assert.is(sent.status, 302);
  const location = sent.headers.get('location') ?? '';
  assert.ok(location.startsWith('http://myapp.com//Install?a='));
  assert.ok(location.endsWith('&b=solo-loft&e=dora@solo-loft.example'));
  assert.ok(verifyInstall(location, { applicationKey: v1.a, secret: v1.secret, clock: manualClock() }).ok);
});

consent('takes the address of whoever installs', async () => {
  const emulator = start();
  register(emulator);
  const fields = { business: 'solo-loft', decision: 'accept', email: 'me@example.com' };
  const sent = await emulator.fetch(question, form(fields));
  assert.ok(sent.headers.get('location')?.endsWith('&e=me@example.com'));
});

consent('installs nothing when declined, for unknown applications and locations', async () => {
  const emulator = start();
  register(emulator);
  const answers = [
    await emulator.fetch(question, form({ business: 'solo-loft', decision: 'decline' })),
    await emulator.fetch(question, form({ business: 'nowhere', decision: 'accept' })),
    await emulator.fetch(question.replace(v1.a, v1.t), form({ business: 'solo-loft', decision: 'accept' })),
    await emulator.fetch(question.replace(v1.a, v1.t)),
  ];
  assert.equal(
    answers.map(({ status }) => status),
    [200, 404, 404, 404],
  );
  assert.equal(
    emulator.journal.entries.map(({ checks }) => checks.filter(({ ok }) => !ok).map(({ name }) => name)),
    [['consent'], ['business'], ['application-key'], ['application-key']],
  );
  assert.is(emulator.uninstall(at), false);
});

consent.run();

import { ResponseError } from '@x/http';
import { memoryStore, type Store } from '@x/http/store';
import { manualClock, misbehaviours, property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type ConfirmedInstall,
  type CreateInstallHandlerOptions,
  createInstallHandler,
  type InstallEvent,
  type InstallRefusal,
} from '../src/handler.ts';
import { createNexudus, type VerifyInstallOptions } from '../src/index.ts';
import { installVectors, issuedAtMs, v1, v1Url } from './vectors.ts';

const dayMs = 86_400_000;

interface Set {
  readonly handle: (url: string, init?: RequestInit) => Promise<Response>;
  readonly refusals: InstallRefusal[];
  readonly events: InstallEvent[];
  readonly installed: ConfirmedInstall[];
}

type Changes = Partial<CreateInstallHandlerOptions> & {
  readonly verify?: Partial<VerifyInstallOptions>;
  readonly answer?: () => Response | Promise<Response>;
};

const businesses = [{ Id: 1, Name: 'Harbour', WebAddress: 'harbour' }];

function setUp({
  verify,
  answer = () => Response.json({ Records: businesses, HasNextPage: false }),
  ...options
}: Changes = {}): Set {
  const refusals: InstallRefusal[] = [];
  const events: InstallEvent[] = [];
  const installed: ConfirmedInstall[] = [];
  const nexudus = createNexudus({
    applicationKey: v1.a,
    secret: v1.secret,
    clock: () => issuedAtMs,
    retry: { limit: 0 },
    timeoutMs: 60_000,
    fetch: (input, init) => {
      const { signal } = new Request(input, init);
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        Promise.resolve().then(answer).then(resolve, reject);
      });
    },
    ...verify,
  });
  const handler = createInstallHandler({
    nexudus,
    onInstalled: (install) => void installed.push(install),
    onRefused: (refusal) => refusals.push(refusal),
    onEvent: (event) => events.push(event),
    clock: () => issuedAtMs,
    ...options,
  });
  return { handle: (url, init) => handler(new Request(url, init)), refusals, events, installed };
}

/** V1's URL with parts of its query replaced; null leaves a parameter out. */
function urlWith(changes: Readonly<Record<string, string | null>>, extra = ''): string {
  const url = new URL(v1Url);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href + extra;
}

const good = suite('nexudus · createInstallHandler');

good('confirms a genuine link with the API and hands it on once', async () => {
  const { handle, installed, events, refusals } = setUp();
  const response = await handle(v1Url);
  assert.is(response.status, 200);
  assert.match(await response.text(), /<h1>Installed<\/h1>/);
  assert.is(installed.length, 1);
  const [install] = installed;
  assert.is(install?.applicationKey, v1.a);
  assert.is(install?.installToken, v1.t);
  assert.equal(install?.businesses, businesses);
  assert.equal(install?.hints, { subdomain: 'my-space', email: 'user+tag@example.com' });
  assert.equal([install?.order, install?.isOrdinal, install?.issuedAtMs], ['dta', true, issuedAtMs]);
  assert.equal(await install?.installation.businesses(), businesses);
  assert.equal(refusals, []);
  assert.equal(
    events.map(({ type }) => type),
    ['install-verified', 'install-completed'],
  );
});

good('keeps the link from caches and from the next page', async () => {
  const { headers } = await setUp().handle(v1Url);
  assert.is(headers.get('cache-control'), 'no-store');
  assert.is(headers.get('referrer-policy'), 'no-referrer');
});

good('takes a reload for installed and does nothing', async () => {
  const { handle, installed, events } = setUp();
  await handle(v1Url);
  for (const url of [v1Url, v1Url.replace('//I', '/I'), urlWith({ h: v1.h.toUpperCase(), b: 'other' })]) {
    const response = await handle(url);
    assert.is(response.status, 200);
    assert.match(await response.text(), /<h1>Installed<\/h1>/);
  }
  assert.is(installed.length, 1);
  assert.is(events.filter(({ type }) => type === 'install-repeated').length, 3);
});

good('carries out a link in one of two tabs', async () => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { handle, installed, refusals } = setUp({
    onInstalled: async (install) => {
      installed.push(install);
      await opened;
    },
  });
  const first = handle(v1Url);
  const second = await handle(v1Url);
  assert.is(second.status, 409);
  assert.equal(refusals, [{ reason: 'in-progress' }]);
  assert.match(await second.text(), /is being installed/);
  open();
  assert.is((await first).status, 200);
  assert.is((await handle(v1Url)).status, 200);
});

good('shows what onInstalled returns, without telling it where the browser came from', async () => {
  const { handle } = setUp({ onInstalled: async () => Response.redirect('https://app.example/setup', 303) });
  const response = await handle(v1Url);
  assert.is(response.status, 303);
  assert.is(response.headers.get('location'), 'https://app.example/setup');
  assert.is(response.headers.get('referrer-policy'), 'no-referrer');
  assert.is(response.headers.get('cache-control'), 'no-store');
});

good('sends the browser on to an address as a header field takes it', async () => {
  const { handle, installed } = setUp({
    installedUrl: 'https://\u043f\u0440\u0438\u043c\u0435\u0440.example/\u0433\u043e\u0442\u043e\u0432\u043e',
  });
  for (let visit = 0; visit < 2; visit += 1) {
    const response = await handle(v1Url);
    assert.is(response.headers.get('location'), 'https://xn--e1afmkfd.example/%D0%B3%D0%BE%D1%82%D0%BE%D0%B2%D0%BE');
  }
  assert.is(installed.length, 1);
});

good('answers a path whether it was given escaped or not', async () => {
  for (const path of ['/instalaci\u00f3n 1', '/instalaci%C3%B3n%201']) {
    const { handle } = setUp({ path });
    const { search } = new URL(v1Url);
    assert.is((await handle(`https://myapp.com//instalaci\u00f3n 1${search}`)).status, 200);
    assert.is((await handle(`https://myapp.com/instalacion${search}`)).status, 404);
  }
});

good('sends the browser on to installedUrl, after a reload too', async () => {
  const { handle } = setUp({ installedUrl: '/setup' });
  for (let visit = 0; visit < 2; visit += 1) {
    const response = await handle(v1Url);
    assert.equal([response.status, response.headers.get('location')], [303, '/setup']);
  }
});

const paths: readonly (readonly [path: string, status: number])[] = [
  ['//Install', 200],
  ['/Install', 200],
  ['////Install', 200],
  ['/install', 404],
  ['/Install/', 404],
  ['/', 404],
  ['/other//Install', 404],
];
for (const [path, status] of paths) {
  good(`answers ${path} with ${status} when mounted at /Install`, async () => {
    const { handle, refusals } = setUp({ path: '/Install' });
    assert.is((await handle(v1Url.replace('//Install', path))).status, status);
    assert.equal(refusals, status === 200 ? [] : [{ reason: 'path-unknown' }]);
  });
}

good('reports an order that is not ordinal and an older secret', async () => {
  const v10b = installVectors.find(({ name }) => name.startsWith('V10b'));
  assert.ok(v10b);
  const { a, t, d, h } = v10b;
  const { handle, events } = setUp({ verify: { applicationKey: a, secret: ['newest-of-the-secrets', v1.secret] } });
  assert.is((await handle(urlWith({ a, t, d, h }))).status, 200);
  assert.equal(events[0], {
    provider: 'nexudus',
    type: 'install-verified',
    order: 'dta',
    isOrdinal: false,
    secretIndex: 1,
  });
});

good('is not disturbed by subscribers that throw', async () => {
  const fail = (): never => {
    throw new Error('subscriber');
  };
  const { handle } = setUp({ onEvent: fail, onRefused: fail });
  assert.is((await handle(v1Url)).status, 200);
  assert.is((await handle(urlWith({ h: null }))).status, 400);
});

good.run();

const bad = suite('nexudus · createInstallHandler · bad input');

const { a, t, d, h } = v1;
const rows: readonly (readonly [what: string, url: string, expected: InstallRefusal])[] = [
  ...Object.entries({ a, t, d, h }).flatMap(([name, value]) => {
    const wrong = name as 'a';
    return [
      [`${name} missing`, urlWith({ [name]: null }), { reason: 'parameter-missing', name: wrong }] as const,
      [`${name} empty`, urlWith({ [name]: '' }), { reason: 'parameter-empty', name: wrong }] as const,
      [
        `${name} not in UTF-8`,
        urlWith({ [name]: null }, `&${name}=${value}%ff`),
        { reason: 'parameter-malformed', name: wrong },
      ] as const,
      [`${name} repeated`, urlWith({}, `&${name}=${value}`), { reason: 'parameter-repeated', name: wrong }] as const,
      [
        `${name} as a list`,
        urlWith({ [name]: null }, `&${name}[]=${value}`),
        { reason: 'parameter-missing', name: wrong },
      ] as const,
      [
        `${name} with | inside`,
        urlWith({ [name]: `${value.slice(0, 9)}|${value.slice(9)}` }),
        { reason: 'parameter-malformed', name: wrong },
      ] as const,
      [
        `${name} huge`,
        urlWith({ [name]: '7'.repeat(100_000) }),
        { reason: 'parameter-malformed', name: wrong },
      ] as const,
    ];
  }),
  ['no query', 'http://myapp.com//Install', { reason: 'parameter-missing', name: 'a' }],
  ['a fragment in place of a query', v1Url.replace('?', '#'), { reason: 'parameter-missing', name: 'a' }],
  ['t of odd shape', urlWith({ t: `${t}00` }), { reason: 'parameter-malformed', name: 't' }],
  ['d of odd shape', urlWith({ d: `${d}.0` }), { reason: 'parameter-malformed', name: 'd' }],
  ['h of odd shape', urlWith({ h: h.slice(2) }), { reason: 'parameter-malformed', name: 'h' }],
  ['t and d swapped, V13', urlWith({ t: d, d: t }), { reason: 'parameter-malformed', name: 't' }],
  ['another application', urlWith({ a: t }), { reason: 'application-mismatch' }],
  ['a and t swapped', urlWith({ a: t, t: a }), { reason: 'application-mismatch' }],
  ['another token', urlWith({ t: a }), { reason: 'hash-mismatch' }],
  ['another moment', urlWith({ d: '634963729314011099' }), { reason: 'hash-mismatch' }],
  [
    'percent signs that decode to nothing',
    `${urlWith({ h: null })}&h=%zz%`,
    { reason: 'parameter-malformed', name: 'h' },
  ],
  ...Array.from({ length: 32 }, (_, index) => {
    const digit = ((Number.parseInt(h.charAt(index), 16) + 8) % 16).toString(16);
    const flipped = h.slice(0, index) + digit + h.slice(index + 1);
    return [`h flipped at ${index}`, urlWith({ h: flipped }), { reason: 'hash-mismatch' }] as const;
  }),
];
for (const [what, url, expected] of rows) {
  bad(`refuses ${what} with the neutral page`, async () => {
    const { handle, refusals, events, installed } = setUp();
    const response = await handle(url);
    assert.is(response.status, 400);
    assert.is(await response.text(), await (await setUp().handle('http://myapp.com/')).text());
    assert.equal(refusals, [expected]);
    assert.equal(events, [{ provider: 'nexudus', type: 'install-refused', ...expected }]);
    assert.equal(installed, []);
  });
}

for (const [what, offsetMs, reason] of [
  ['stale', dayMs + 1, 'timestamp-too-old'],
  ['from the future', -dayMs, 'timestamp-too-new'],
] as const) {
  bad(`refuses a link that is ${what}`, async () => {
    const { handle, refusals } = setUp({ verify: { clock: () => issuedAtMs + offsetMs } });
    assert.is((await handle(v1Url)).status, 400);
    assert.equal(refusals, [{ reason }]);
  });
}

for (const method of ['POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
  bad(`refuses ${method}`, async () => {
    const { handle, refusals, installed } = setUp();
    const response = await handle(v1Url, { method });
    assert.equal([response.status, response.headers.get('allow')], [405, 'GET']);
    assert.equal(refusals, [{ reason: 'method-not-allowed' }]);
    assert.equal(installed, []);
  });
}

bad('never throws for any query', async () => {
  const { handle } = setUp();
  await property(
    fc.asyncProperty(fc.webQueryParameters(), fc.webPath(), async (search, path) => {
      assert.is((await handle(`http://myapp.com${path}?${search}`)).status, 400);
    }),
    { runs: 100 },
  );
});

bad.run();

const confirmation = suite('nexudus · createInstallHandler · confirmation');

const failures: readonly (readonly [
  what: string,
  answer: () => Response,
  reason: InstallRefusal['reason'],
  status: number,
])[] = [
  ['refused credentials', () => new Response(null, { status: 401 }), 'confirmation-refused', 502],
  ['a server error', () => new Response(null, { status: 500 }), 'confirmation-failed', 503],
  ['throttling', () => new Response(null, { status: 409 }), 'confirmation-failed', 503],
  ['an answer that makes no sense', () => new Response('<html>'), 'confirmation-failed', 503],
  ['no location', () => Response.json({ Records: [], HasNextPage: false }), 'business-missing', 502],
  [
    'a broken network',
    () => {
      throw new TypeError('fetch failed');
    },
    'confirmation-failed',
    503,
  ],
];
for (const [what, answer, reason, status] of failures) {
  confirmation(`gives the link back after ${what}`, async () => {
    let isDown = true;
    const { handle, refusals, installed } = setUp({
      answer: () => (isDown ? answer() : Response.json({ Records: businesses, HasNextPage: false })),
    });
    const response = await handle(v1Url);
    assert.is(response.status, status);
    assert.match(await response.text(), /<h1>Not installed<\/h1>/);
    assert.equal(
      refusals.map((refusal) => refusal.reason),
      [reason],
    );
    assert.equal(installed, []);
    isDown = false;
    assert.is((await handle(v1Url)).status, 200);
    assert.is(installed.length, 1);
  });
}

confirmation('hands the error to onRefused', async () => {
  const { handle, refusals } = setUp({ answer: () => new Response(null, { status: 401 }) });
  await handle(v1Url);
  const { error } = refusals[0] ?? {};
  assert.ok(error instanceof ResponseError);
  assert.is(error.code, 'nexudus.credentials-refused');
});

confirmation('gives the link back when onInstalled fails', async () => {
  const failure = new Error('the database is away');
  let attempts = 0;
  const { handle, refusals } = setUp({
    onInstalled: () => {
      attempts += 1;
      if (attempts === 1) throw failure;
    },
  });
  assert.is((await handle(v1Url)).status, 500);
  assert.is(refusals[0]?.reason, 'on-installed-failed');
  assert.is(refusals[0]?.error, failure);
  assert.is((await handle(v1Url)).status, 200);
  assert.is(attempts, 2);
});

confirmation('ends at the deadline, and gives the link back when Nexudus is the reason', async () => {
  let isDown = true;
  const { handle, refusals } = setUp({
    deadlineMs: 20,
    answer: () =>
      isDown ? new Promise<Response>(() => {}) : Response.json({ Records: businesses, HasNextPage: false }),
  });
  const response = await handle(v1Url);
  assert.is(response.status, 503);
  assert.equal(refusals, [{ reason: 'deadline' }]);
  isDown = false;
  await new Promise((resolve) => setImmediate(resolve));
  assert.is((await handle(v1Url)).status, 200);
});

confirmation('remembers a link whose callback ends after the deadline', async () => {
  let finish = (): void => {};
  const { handle, refusals, installed } = setUp({
    deadlineMs: 20,
    onInstalled: (install) => {
      installed.push(install);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
  });
  assert.is((await handle(v1Url)).status, 503);
  assert.is(installed[0]?.signal.aborted, true);
  assert.is((await handle(v1Url)).status, 409);
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  assert.is((await handle(v1Url)).status, 200);
  assert.is(installed.length, 1);
  assert.equal(
    refusals.map(({ reason }) => reason),
    ['deadline', 'in-progress'],
  );
});

confirmation('asks the platform to wait until a late install is noted', async () => {
  let finish = (): void => {};
  const waitedFor: Promise<void>[] = [];
  const { handle } = setUp({
    deadlineMs: 20,
    onInstalled: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
    waitUntil: (work) => waitedFor.push(work),
  });
  assert.is((await handle(v1Url)).status, 503);
  assert.is(waitedFor.length, 1);
  finish();
  await waitedFor[0];
  assert.is((await handle(v1Url)).status, 200);
  assert.is(waitedFor.length, 1);
});

const marker = 'm4rk3r-of-the-application';

for (const [name, callback] of misbehaviours(marker)) {
  confirmation(`installs with a waitUntil that ${name}`, async () => {
    const { handle, installed } = setUp({ waitUntil: callback });
    assert.is((await handle(v1Url)).status, 200);
    assert.is(installed.length, 1);
  });
}

confirmation('asks the platform to wait for nothing that rejects', async () => {
  const waitedFor: Promise<void>[] = [];
  const { handle } = setUp({
    waitUntil: (work) => waitedFor.push(work),
    onEvent: () => {},
    onInstalled: () => Promise.reject(new Error(marker)),
  });
  assert.is((await handle(v1Url)).status, 500);
  assert.is(await waitedFor[0], undefined);
});

for (const [name, callback] of misbehaviours(marker)) {
  confirmation(`answers for an onInstalled that ${name}, and shows nothing of it`, async () => {
    const { handle, refusals, events } = setUp({ deadlineMs: 20, onInstalled: callback });
    const response = await handle(v1Url);
    assert.ok([500, 503].includes(response.status), String(response.status));
    assert.not.match(JSON.stringify([...response.headers]) + (await response.text()), marker);
    const reason = name === 'never comes back' ? 'deadline' : 'on-installed-failed';
    assert.is(refusals[0]?.reason, reason);
    assert.is(events.at(-1)?.type, 'install-refused');
  });

  confirmation(`answers for a store that ${name}`, async () => {
    const store = { ...memoryStore(), compareAndSet: callback };
    const { handle, refusals } = setUp({ deadlineMs: 20, store });
    const response = await handle(v1Url);
    assert.is(response.status, 503);
    assert.not.match(JSON.stringify([...response.headers]) + (await response.text()), marker);
    assert.is(refusals[0]?.reason, 'store-failed');
  });
}

/** A response whose body somebody has read. */
async function readResponse(): Promise<Response> {
  const response = new Response('saved');
  await response.text();
  return response;
}

const unusable: readonly (readonly [what: string, answer: () => unknown, told: RegExp])[] = [
  ['has no status', () => Response.error(), /its status is 0/],
  ['was read', readResponse, /its body has been read/],
];
for (const [what, answer, told] of unusable) {
  confirmation(
    `is installed once with an onInstalled whose response ${what}, and says that it cannot be sent`,
    async () => {
      let calls = 0;
      const { handle, refusals, events } = setUp({
        onInstalled: () => {
          calls += 1;
          return answer() as undefined;
        },
      });
      const response = await handle(v1Url);
      assert.is(response.status, 500);
      assert.is(refusals[0]?.reason, 'response-unusable');
      assert.match(String(refusals[0]?.error), told);
      assert.equal(
        events.map(({ type }) => type),
        ['install-verified', 'install-completed', 'install-refused'],
      );
      const again = await handle(v1Url);
      assert.equal([again.status, calls], [200, 1]);
    },
  );
}

const others: readonly (readonly [what: string, answer: unknown])[] = [
  ['null', null],
  ['the row that it wrote', { id: 7, status: 'active' }],
  ['what looks like a response', { status: 200, headers: {}, body: '<script>' }],
  ['true', true],
];
for (const [what, answer] of others) {
  confirmation(`shows the page of its own for an onInstalled that gives ${what}`, async () => {
    const { handle } = setUp({ onInstalled: () => answer as undefined });
    const response = await handle(v1Url);
    assert.is(response.status, 200);
    const text = await response.text();
    assert.match(text, /is installed/);
    assert.not.match(text, '<script>');
  });
}

confirmation('answers for a clock that throws', async () => {
  const { handle, refusals } = setUp({
    verify: {
      clock: () => {
        throw new Error(marker);
      },
    },
  });
  const response = await handle(v1Url);
  assert.is(response.status, 500);
  assert.not.match(await response.text(), marker);
  assert.is(refusals[0]?.reason, 'internal-error');
});

confirmation('answers when the store fails before, and is installed when it fails after', async () => {
  const broken = async (): Promise<never> => {
    throw new Error('store');
  };
  const store: Store = memoryStore();
  const before = setUp({ store: { ...store, compareAndSet: broken } });
  assert.is((await before.handle(v1Url)).status, 503);
  assert.is(before.refusals[0]?.reason, 'store-failed');
  const after = setUp({ store: { ...store, set: broken } });
  assert.is((await after.handle(v1Url)).status, 200);
  assert.is(after.installed.length, 1);
});

for (const [name, callback] of misbehaviours(marker)) {
  confirmation(`is installed with a store that ${name} afterwards, and tells`, async () => {
    const { handle, refusals, events, installed } = setUp({
      deadlineMs: 100,
      store: { ...memoryStore({ clock: () => issuedAtMs }), set: callback },
    });
    assert.is((await handle(v1Url)).status, 200);
    assert.equal(refusals, []);
    assert.equal(
      events.map(({ type }) => type),
      ['install-verified', 'install-completed', 'install-store-failed'],
    );
    assert.is((await handle(v1Url)).status, 409);
    assert.is(installed.length, 1);
  });

  confirmation(`tells why it did not install with a store that ${name} when the link is given back`, async () => {
    const memory = memoryStore();
    const { handle, refusals, events } = setUp({
      deadlineMs: 100,
      answer: () => new Response(null, { status: 500 }),
      store: {
        ...memory,
        compareAndSet: (...given) => (given[1] === undefined ? memory.compareAndSet(...given) : callback()),
      },
    });
    assert.is((await handle(v1Url)).status, 503);
    assert.is(refusals[0]?.reason, 'confirmation-failed');
    assert.ok(events.some(({ type }) => type === 'install-store-failed'));
  });
}

confirmation('takes back a claim that comes after the deadline', async () => {
  const memory = memoryStore();
  let land = (): void => {};
  const gate = new Promise<void>((resolve) => {
    land = resolve;
  });
  let isSlow = true;
  const { handle, refusals } = setUp({
    deadlineMs: 20,
    store: {
      ...memory,
      compareAndSet: async (...given) => {
        const isMine = await memory.compareAndSet(...given);
        if (isSlow && given[1] === undefined) await gate;
        return isMine;
      },
    },
  });
  assert.is((await handle(v1Url)).status, 503);
  assert.is(refusals[0]?.reason, 'store-failed');
  isSlow = false;
  land();
  await new Promise((resolve) => setImmediate(resolve));
  assert.is((await handle(v1Url)).status, 200);
});

confirmation('shares what it remembers through the store', async () => {
  const clock = manualClock(issuedAtMs);
  const store = memoryStore({ clock });
  const one = setUp({ store });
  const two = setUp({ store });
  await one.handle(v1Url);
  assert.is((await two.handle(v1Url)).status, 200);
  assert.equal([one.installed.length, two.installed.length], [1, 0]);
});

confirmation.run();

const options = suite('nexudus · createInstallHandler · options');

const nexudus = createNexudus({ applicationKey: v1.a, secret: v1.secret });
const wrong: readonly (readonly [name: string, value: unknown, Failure: ErrorConstructor])[] = [
  ['nexudus', undefined, TypeError],
  ['nexudus', {}, TypeError],
  ['onInstalled', undefined, TypeError],
  ['path', 'Install', TypeError],
  ['path', '//Install', TypeError],
  ['path', '/Install?a=1', TypeError],
  ['path', '/a\\b', TypeError],
  ['store', {}, TypeError],
  ['store', 'redis://x', TypeError],
  ...['onEvent', 'onRefused', 'clock', 'waitUntil'].map((name) => [name, 7, TypeError] as const),
  ['instaledUrl', '/setup', TypeError],
  ['installedUrl', '//evil.example', TypeError],
  ['installedUrl', 'setup', TypeError],
  ['installedUrl', '/a\nb', TypeError],
  ['installedUrl', '/\\evil.example', TypeError],
  ['installedUrl', 'javascript:alert(1)', TypeError],
  ['installedUrl', new URL('data:text/html,x'), TypeError],
  ['installedUrl', 'https://app.example/done\r\nx', TypeError],
  ['deadlineMs', 0, RangeError],
  ['deadlineMs', 120_001, RangeError],
  ['deadlineMs', '20', TypeError],
];
for (const [name, value, Failure] of wrong) {
  options(`${name} must not be ${JSON.stringify(value)}`, () => {
    const given = { nexudus, onInstalled: () => undefined, [name]: value } as CreateInstallHandlerOptions;
    assert.throws(
      () => createInstallHandler(given),
      (error: unknown) => error instanceof Failure && error.message.includes(name),
    );
  });
}

options('installedUrl may be a URL, absolute text or a path', () => {
  for (const installedUrl of [new URL('https://app.example'), 'https://app.example/x', '/setup?from=nexudus']) {
    createInstallHandler({ nexudus, onInstalled: () => undefined, installedUrl });
  }
});

options.run();

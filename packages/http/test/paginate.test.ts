import { getEventListeners } from 'node:events';
import { property, rejects } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ContractError, RequestError, XError } from '../src/errors.ts';
import {
  headerCursor,
  type PageCursor,
  type PageStrategy,
  type PaginateOptions,
  pageNumber,
  paginate,
  skipLimit,
} from '../src/paginate.ts';

interface NumberPage {
  readonly items: readonly number[];
  readonly hasNext: boolean;
}

const letters = ['a', 'b', 'c', 'd', 'e'];

/** Pages of two numbers each, `count` of them; notes which were fetched. */
function numbered(count: number): {
  readonly fetched: number[];
  readonly options: PaginateOptions<NumberPage, number, number>;
} {
  const fetched: number[] = [];
  const options = {
    provider: 'sample',
    ...pageNumber<NumberPage>({ hasNext: (page) => page.hasNext }),
    fetchPage: async (number: number) => {
      fetched.push(number);
      return { items: [number * 10, number * 10 + 1], hasNext: number < count };
    },
    items: (page: NumberPage) => page.items,
  };
  return { fetched, options };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const pages = suite('paginate');

pages('gives the items of all pages in order', async () => {
  const { options, fetched } = numbered(3);
  assert.equal(await collect(paginate(options)), [10, 11, 20, 21, 30, 31]);
  assert.equal(fetched, [1, 2, 3]);
});

pages('gives whole pages', async () => {
  const { options } = numbered(2);
  assert.equal(await collect(paginate(options).pages()), [
    { items: [10, 11], hasNext: true },
    { items: [20, 21], hasNext: false },
  ]);
});

pages('begins anew with each loop', async () => {
  const { options, fetched } = numbered(1);
  const list = paginate(options);
  await collect(list);
  await collect(list.pages());
  assert.equal(fetched, [1, 1]);
});

pages('fetches nothing before it is asked, and no page before the one before it is used up', async () => {
  const { options, fetched } = numbered(3);
  const items = paginate(options)[Symbol.asyncIterator]();
  await settled();
  assert.equal(fetched, []);
  await items.next();
  await items.next();
  await settled();
  assert.equal(fetched, [1]);
  await items.next();
  assert.equal(fetched, [1, 2]);
});

pages('reads one page ahead when told to, and no more', async () => {
  const { options, fetched } = numbered(4);
  const items = paginate({ ...options, readAhead: 1 })[Symbol.asyncIterator]();
  await items.next();
  await settled();
  assert.equal(fetched, [1, 2]);
  await items.next();
  await items.next();
  await settled();
  assert.equal(fetched, [1, 2, 3]);
  const rest: number[] = [];
  for await (const item of items) rest.push(item);
  assert.equal(rest, [21, 30, 31, 40, 41]);
  assert.equal(fetched, [1, 2, 3, 4]);
});

for (const readAhead of [0, 1] as const) {
  pages(`gives what was fetched before a failure, then the failure itself, reading ahead ${readAhead}`, async () => {
    const { options } = numbered(3);
    const failure = new Error('page 2');
    const fetchPage: typeof options.fetchPage = async (number, context) => {
      if (number === 2) throw failure;
      return options.fetchPage(number, context);
    };
    const found: number[] = [];
    let seen: unknown;
    try {
      for await (const item of paginate({ ...options, fetchPage, readAhead })) {
        found.push(item);
        await settled(); // the page read ahead fails here, and nobody waits for it
      }
    } catch (error) {
      seen = error;
    }
    assert.equal(found, [10, 11]);
    assert.is(seen, failure);
  });

  pages(`leaving the loop ends the signal of the pages, reading ahead ${readAhead}`, async () => {
    const { options } = numbered(3);
    const signals: AbortSignal[] = [];
    const fetchPage: typeof options.fetchPage = (number, context) => {
      signals.push(context.signal);
      return options.fetchPage(number, context);
    };
    for await (const item of paginate({ ...options, fetchPage, readAhead })) {
      assert.is(item, 10);
      assert.not.ok(signals[0]?.aborted);
      break;
    }
    assert.is(signals.length, 1 + readAhead);
    assert.ok(signals.every(({ aborted }) => aborted));
  });
}

pages('a fetch that throws at once fails the loop', async () => {
  const { options } = numbered(1);
  const fetchPage = (): never => {
    throw new TypeError('synchronous');
  };
  await rejects(collect(paginate({ ...options, fetchPage })), TypeError, /synchronous/);
});

pages('an aborted signal ends the loop before anything is fetched', async () => {
  const { options, fetched } = numbered(1);
  const list = paginate({ ...options, signal: AbortSignal.abort() });
  await rejects(collect(list), RequestError, 'http.aborted');
  await rejects(collect(list.pages()), RequestError, 'http.aborted');
  assert.equal(fetched, []);
});

pages('abort ends the wait for a page whose fetch does not heed it', async () => {
  const { options } = numbered(1);
  const controller = new AbortController();
  const fetchPage = (): Promise<NumberPage> => new Promise(() => {});
  const outcome = collect(paginate({ ...options, fetchPage, signal: controller.signal }));
  await settled();
  controller.abort(new Error('the caller’s own'));
  const error = await rejects(outcome, RequestError, 'http.aborted');
  assert.is(error.provider, 'sample');
  assert.match(error.message, /the list was aborted by its caller/);
});

pages('abort reaches the fetch of the page, with its reason', async () => {
  const { options } = numbered(1);
  const controller = new AbortController();
  let seen: AbortSignal | undefined;
  const fetchPage: typeof options.fetchPage = (_, { signal }) => {
    seen = signal;
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const outcome = collect(paginate({ ...options, fetchPage, signal: controller.signal }));
  await settled();
  const reason = new Error('the caller’s own');
  controller.abort(reason);
  await rejects(outcome, RequestError, 'http.aborted');
  assert.is(seen?.reason, reason);
});

pages('abort ends the loop in the middle of a page', async () => {
  const { options, fetched } = numbered(2);
  const controller = new AbortController();
  const items = paginate({ ...options, signal: controller.signal })[Symbol.asyncIterator]();
  await items.next();
  controller.abort();
  await rejects(items.next(), RequestError, 'http.aborted');
  assert.equal(await items.next(), { value: undefined, done: true });
  assert.equal(fetched, [1]);
});

pages('abort ends a loop over pages, also after the last one', async () => {
  for (const count of [1, 2]) {
    const { options, fetched } = numbered(count);
    const controller = new AbortController();
    const whole = paginate({ ...options, signal: controller.signal }).pages();
    await whole.next();
    controller.abort();
    await rejects(whole.next(), RequestError, 'http.aborted');
    assert.equal(fetched, [1]);
  }
});

pages('keeps no listener on a signal that outlives it', async () => {
  const { options } = numbered(3);
  const { signal } = new AbortController();
  const whole = paginate({ ...options, signal }).pages();
  await whole.next();
  assert.is(getEventListeners(signal, 'abort').length, 1);
  for await (const _ of whole) break;
  await collect(paginate({ ...options, signal }));
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

pages('nor listeners of earlier pages on the signal that later ones are fetched with', async () => {
  const { options } = numbered(20);
  const listeners: number[] = [];
  const fetchPage: typeof options.fetchPage = (number, { signal }) => {
    listeners.push(getEventListeners(signal, 'abort').length);
    return options.fetchPage(number, { signal });
  };
  await collect(paginate({ ...options, fetchPage }));
  assert.equal(listeners, Array(20).fill(1));
});

pages('a cursor that was used before is a broken contract, told after the page that gave it', async () => {
  const following = new Map([
    ['', 'a'],
    ['a', 'b'],
    ['b', 'a'],
  ]);
  const found: string[] = [];
  const list = paginate({
    provider: 'sample',
    first: '',
    fetchPage: async (cursor: string) => cursor,
    items: (page) => [page],
    next: (page) => following.get(page),
  });
  const outcome = (async () => {
    for await (const item of list) found.push(item);
  })();
  const error = await rejects(outcome, ContractError, 'http.contract-broken');
  assert.equal(found, ['', 'a', 'b']);
  assert.equal(error.issues, [{ path: 'cursor', expected: 'a cursor that was not used before' }]);
});

pages('tells no cursor in its error', async () => {
  const list = paginate({
    provider: 'sample',
    ...headerCursor('x-cursor-next'),
    fetchPage: async () => ({ headers: new Headers({ 'x-cursor-next': 'marker-7f3a' }) }),
    items: () => [1],
  });
  const error = await rejects(collect(list), ContractError, 'http.contract-broken');
  assert.not.match(JSON.stringify(error) + String(error.stack), 'marker-7f3a');
});

for (const readAhead of [0, 1] as const) {
  pages(`more pages than allowed are a broken contract, reading ahead ${readAhead}`, async () => {
    const { options, fetched } = numbered(Number.POSITIVE_INFINITY);
    const list = paginate({ ...options, readAhead, maxPages: 3 });
    const error = await rejects(collect(list), ContractError, 'http.contract-broken');
    assert.equal(fetched, [1, 2, 3]);
    assert.equal(error.issues, [{ path: '', expected: 'an end within 3 pages' }]);
    assert.is(error.message, 'the list has no end: expected an end within 3 pages');
  });
}

pages('a list of exactly as many pages as allowed is whole', async () => {
  const { options } = numbered(3);
  assert.is((await collect(paginate({ ...options, maxPages: 3 }))).length, 6);
});

pages('a list of a thousand pages is whole by default, and no longer one', async () => {
  assert.is((await collect(paginate(numbered(1000).options))).length, 2000);
  await rejects(collect(paginate(numbered(1001).options)), ContractError, /within 1000 pages/);
});

const badOptions: readonly [name: string, options: Record<string, unknown>, message: RegExp][] = [
  ['no pages', { maxPages: 0 }, /maxPages must be a whole number from 1 to 1000000, got 0/],
  ['half a page', { maxPages: 1.5 }, /maxPages/],
  ['too many pages', { maxPages: 1_000_001 }, /maxPages/],
  ['pages that are no number', { maxPages: Number.NaN }, /maxPages/],
  ['two pages ahead', { readAhead: 2 }, /readAhead must be 0 or 1, got 2/],
  ['an unlimited read-ahead', { readAhead: true }, /readAhead/],
];

pages('takes as many pages as it says at most', () => {
  const { options } = numbered(1);
  assert.type(paginate({ ...options, maxPages: 1_000_000 }).pages, 'function');
});

for (const [name, changed, message] of badOptions) {
  pages(`refuses ${name}`, () => {
    const { options } = numbered(1);
    assert.throws(
      () => paginate({ ...options, ...changed }),
      (error: unknown) => error instanceof RangeError && message.test(error.message),
    );
  });
}

for (const name of ['provider', 'fetchPage', 'items', 'next']) {
  pages(`names ${name} where it is missing`, () => {
    const { options } = numbered(1);
    assert.throws(
      () => paginate({ ...options, [name]: undefined }),
      (error: unknown) => error instanceof TypeError && error.message.startsWith(`${name} must be a `),
    );
  });
}

pages.run();

const cursor = suite('paginate · headerCursor');

cursor('follows the field until it is absent, through short and empty pages', async () => {
  const answers: Record<string, { readonly items: readonly string[]; readonly next?: string }> = {
    '': { items: ['a', 'b'], next: 'n1' },
    n1: { items: [], next: 'n2' },
    n2: { items: ['c'], next: 'n3' },
    n3: { items: ['d', 'e'] },
  };
  const asked: (string | undefined)[] = [];
  const list = paginate({
    provider: 'hubrise',
    ...headerCursor('X-Cursor-Next'),
    fetchPage: async (given) => {
      asked.push(given);
      const { items = [], next } = answers[given ?? ''] ?? {};
      return { items, headers: new Headers(next === undefined ? {} : { 'x-cursor-next': next }) };
    },
    items: (page) => page.items,
  });
  assert.equal(await collect(list), letters);
  assert.equal(asked, [undefined, 'n1', 'n2', 'n3']);
});

cursor('ends at an empty field', () => {
  const { next } = headerCursor('x-next');
  assert.is(next({ headers: new Headers({ 'x-next': '' }) }, { cursor: undefined, itemCount: 1 }), undefined);
});

cursor.run();

interface WirePage {
  readonly items: readonly string[];
  readonly total: number;
  readonly limit: number;
}

/** A strategy, and the cursors that it asks for to get five letters two at a time. */
const strategies: readonly [name: string, strategy: PageStrategy<WirePage, number>, asked: readonly number[]][] = [
  ['HasNextPage', pageNumber({ hasNext: (page, number) => number * page.limit < page.total }), [1, 2, 3]],
  ['TotalPages', pageNumber({ hasNext: (page, number) => number < Math.ceil(page.total / 2) }), [1, 2, 3]],
  ['an empty page', pageNumber({ hasNext: () => true }), [1, 2, 3, 4]],
  ['skip, with a total', skipLimit({ totalOf: (page) => page.total }), [0, 2, 4]],
  ['skip, with the limit that was applied', skipLimit({ limitOf: (page) => page.limit }), [0, 2, 4]],
  ['skip, with nothing known', skipLimit(), [0, 2, 4, 5]],
  ['skip, with neither told', skipLimit({ totalOf: () => undefined, limitOf: () => undefined }), [0, 2, 4, 5]],
  [
    'skip, with a total and a page that was cut short',
    skipLimit({ totalOf: (page) => page.total, limitOf: () => 100 }),
    [0, 2, 4],
  ],
];

const numbers = suite('paginate · pageNumber and skipLimit');

for (const [name, strategy, expected] of strategies) {
  numbers(`ends by ${name}`, async () => {
    const asked: number[] = [];
    const list = paginate({
      provider: 'sample',
      ...strategy,
      fetchPage: async (at) => {
        asked.push(at);
        const skip = strategy.first === 1 ? (at - 1) * 2 : at;
        return { items: letters.slice(skip, skip + 2), total: letters.length, limit: 2 };
      },
      items: (page) => page.items,
    });
    assert.equal(await collect(list), letters);
    assert.equal(asked, expected);
  });
}

numbers('an empty list takes one request', async () => {
  for (const strategy of [pageNumber<readonly string[]>({ hasNext: () => true }), skipLimit<readonly string[]>()]) {
    let count = 0;
    const fetchPage = async (): Promise<readonly string[]> => {
      count += 1;
      return [];
    };
    assert.equal(await collect(paginate({ provider: 'sample', ...strategy, fetchPage, items: (page) => page })), []);
    assert.is(count, 1);
  }
});

numbers('counts from another first page', () => {
  const zero = pageNumber({ first: 0, hasNext: () => true });
  assert.is(zero.first, 0);
  assert.is(zero.next({}, { cursor: 0, itemCount: 1 }), 1);
});

numbers('refuses a first page that is no integer', () => {
  assert.throws(() => pageNumber({ first: 0.5, hasNext: () => true }), /first must be an integer, got 0.5/);
});

numbers.run();

const properties = suite('paginate · properties');

const arbitraryCursor: fc.Arbitrary<PageCursor> = fc.oneof(
  fc.string({ maxLength: 2 }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, undefined),
);
const arbitraryPage = fc.record({
  items: fc.array(fc.integer(), { maxLength: 3 }),
  cursor: arbitraryCursor,
  header: fc.string({ unit: 'grapheme-ascii', maxLength: 2 }),
  total: fc.option(fc.double(), { nil: undefined }),
  limit: fc.option(fc.double(), { nil: undefined }),
  says: fc.boolean(),
  fails: fc.boolean(),
});
type AnyPage = typeof arbitraryPage extends fc.Arbitrary<infer Page> ? Page : never;

const arbitraryStrategy: fc.Arbitrary<PageStrategy<AnyPage & { headers: Headers }, PageCursor>> = fc.constantFrom(
  { first: undefined, next: (page: AnyPage) => page.cursor },
  headerCursor('x-next') as PageStrategy<{ headers: Headers }, PageCursor>,
  pageNumber<AnyPage>({ hasNext: (page) => page.says }) as PageStrategy<AnyPage, PageCursor>,
  skipLimit<AnyPage>({ totalOf: (page) => page.total, limitOf: (page) => page.limit }) as PageStrategy<
    AnyPage,
    PageCursor
  >,
);

properties('ends whatever the server does, without asking for a page twice', () =>
  property(
    fc.asyncProperty(
      arbitraryStrategy,
      fc.array(arbitraryPage, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom(0 as const, 1 as const),
      async (strategy, script, maxPages, readAhead) => {
        const asked: PageCursor[] = [];
        const list = paginate({
          provider: 'sample',
          ...strategy,
          maxPages,
          readAhead,
          fetchPage: async (at) => {
            const page = script[asked.length % script.length] as AnyPage;
            asked.push(at);
            if (page.fails && asked.length % 5 === 0) throw new Error('offline');
            return { ...page, headers: new Headers({ 'x-next': page.header.trim() }) };
          },
          items: (page) => page.items,
        });
        try {
          await collect(list);
        } catch (error) {
          assert.ok(error instanceof XError || (error as Error).message === 'offline', String(error));
        }
        assert.ok(asked.length <= maxPages);
        assert.is(new Set(asked).size, asked.length);
      },
    ),
  ),
);

properties('gives each item of a well-behaved list once and in order, however it is cut', () =>
  property(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
      fc.constantFrom(0 as const, 1 as const),
      fc.constantFrom('cursor', 'number', 'skip'),
      async (parts, readAhead, kind) => {
        const total = parts.flat().length;
        const starts = parts.map((_, index) => parts.slice(0, index).flat().length);
        const strategy = {
          cursor: headerCursor('x-next') as PageStrategy<unknown, PageCursor>,
          number: pageNumber({ hasNext: (_, number) => number < parts.length }) as PageStrategy<unknown, PageCursor>,
          skip: skipLimit({ totalOf: () => total }) as PageStrategy<unknown, PageCursor>,
        }[kind];
        const list = paginate({
          provider: 'sample',
          ...(strategy as PageStrategy<{ headers: Headers; items: readonly number[] }, PageCursor>),
          readAhead,
          fetchPage: async (at) => {
            const index = { cursor: Number(at ?? 0), number: Number(at) - 1, skip: starts.indexOf(Number(at)) }[kind];
            const headers = new Headers(index < parts.length - 1 ? { 'x-next': String(index + 1) } : {});
            return { headers, items: parts[index] ?? [] };
          },
          items: (page) => page.items,
        });
        assert.equal(await collect(list), parts.flat());
      },
    ),
  ),
);

properties('gives nothing and asks for nothing after an abort', () =>
  property(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom(0 as const, 1 as const),
      async (after, readAhead) => {
        const { options, fetched } = numbered(6);
        const controller = new AbortController();
        const found: number[] = [];
        const outcome = (async () => {
          if (after === 0) controller.abort();
          for await (const item of paginate({ ...options, readAhead, signal: controller.signal })) {
            found.push(item);
            if (found.length === after) controller.abort();
          }
        })();
        await rejects(outcome, RequestError, 'http.aborted');
        const asked = fetched.length;
        await settled();
        assert.is(found.length, after);
        assert.is(fetched.length, asked);
      },
    ),
  ),
);

properties.run();

import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redactCause, redactUrl } from '../src/redact.ts';

const url = suite('redact · redactUrl');

const rows: readonly [given: string, expected: string][] = [
  ['https://api.example.com/v1/orders?token=abc#frag', 'https://api.example.com/v1/orders'],
  ['https://user:secret@api.example.com/', 'https://api.example.com/'],
  ['https://api.example.com/users/7/tokens/0123456789abcdef01234567', 'https://api.example.com/users/7/tokens/…'],
  ['https://api.example.com/a-long-name-without-any-digits', 'https://api.example.com/a-long-name-without-any-digits'],
  ['not a url?secret=1', '(unreadable URL)'],
];
for (const [given, expected] of rows) url(`shows ${expected}`, () => assert.is(redactUrl(given), expected));

url('never shows a query', async () => {
  await property(
    fc.property(fc.webUrl({ withQueryParameters: true }), fc.uuid(), (base, secret) => {
      assert.not.match(redactUrl(`${base.split('?')[0]}?token=${secret}`), secret);
    }),
  );
});

url.run();

const cause = suite('redact · redactCause');

cause('keeps the platform’s code and drops the text', () => {
  const inner = Object.assign(new Error('connect ECONNREFUSED https://x.example?token=m4rk3r'), {
    code: 'ECONNREFUSED',
  });
  const redacted = redactCause(new TypeError('fetch failed', { cause: inner }));
  assert.is(redacted?.message, 'ECONNREFUSED');
  assert.not.match(`${redacted?.stack}${String(redacted)}`, 'm4rk3r');
});

cause('shows the class of an error without code', () => {
  assert.is(redactCause(new RangeError('secret'))?.message, 'RangeError');
  assert.is(redactCause('secret text')?.message, 'Error');
});

const named: readonly [name: unknown, code: unknown, expected: string][] = [
  ['TypeError', 'ECONNRESET', 'TypeError: ECONNRESET'],
  ['Error', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'Error: ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'],
  ['Error', 'ConnectionRefused', 'Error: ConnectionRefused'],
  ['Error', 'E', 'Error: Error'],
  ['Error', `E${'X'.repeat(64)}`, 'Error: Error'],
  ['a secret', 'abc?token', 'Error: Error'],
  ['M4rk3rToken', 'M4rk3rToken', 'Error: Error'],
  ['RangeError', 'x ECONNRESET', 'RangeError: RangeError'],
  ['RangeError', 'ECONNRESET x', 'RangeError: RangeError'],
  ['RangeError', 20, 'RangeError: RangeError'],
  ['RangeError', { toString: () => 'ECONNRESET' }, 'RangeError: RangeError'],
  ['', undefined, 'Error: Error'],
  ['E'.repeat(65), undefined, 'Error: Error'],
];
for (const [name, code, expected] of named) {
  cause(`of ${JSON.stringify(name)} and ${JSON.stringify(code)} keeps what is a class or a code`, () => {
    const redacted = redactCause(Object.assign(new Error('x'), { name, code })) as Error & { code?: unknown };
    assert.is(redacted.stack?.split('\n')[0], expected);
    assert.is(`${redacted.name}: ${redacted.message}`, expected);
    assert.is('code' in redacted, redacted.message !== redacted.name);
  });
}

cause('reads a refusal that Deno tells in words', () => {
  const words = 'error sending request for url (http://a.example/): client error (Connect): tcp connect error';
  assert.is(redactCause(new TypeError(words))?.message, 'ERR_CONNECT');
  assert.is(redactCause(new TypeError('client error (Connect)'))?.message, 'TypeError');
});

cause('goes five causes deep, and out of a circle', () => {
  const within = (depth: number): Error =>
    depth === 0 ? Object.assign(new Error(), { code: 'ECONNRESET' }) : new Error('', { cause: within(depth - 1) });
  assert.is(redactCause(within(4))?.message, 'ECONNRESET');
  assert.is(redactCause(within(5))?.message, 'Error');
  const circle = new RangeError('x');
  circle.cause = circle;
  assert.is(redactCause(circle)?.message, 'RangeError');
});

cause('leaves alone what was redacted before', () => {
  for (const inner of [Object.assign(new TypeError('x'), { code: 'ECONNRESET' }), new RangeError('x')]) {
    const once = redactCause(inner) as Error & { code?: string };
    const twice = redactCause(once) as Error & { code?: string };
    assert.equal([twice.name, twice.message, twice.code], [once.name, once.message, once.code]);
    assert.match(once.stack ?? '', /\n {4}at /);
    assert.is(twice.stack, once.stack);
  }
});

cause('says where it was thrown, and not what in', () => {
  const hush = (): never => {
    throw new TypeError('hush');
  };
  let thrown: unknown;
  try {
    hush();
  } catch (error) {
    thrown = error;
  }
  const [first, own, ...more] = redactCause(thrown)?.stack?.split('\n') ?? [];
  assert.is(first, 'TypeError: TypeError');
  assert.match(own ?? '', /^ {4}at file:\/\/\S+\/redact\.test\.ts:\d+:\d+$/);
  assert.ok(more.length > 0);
  for (const line of more) assert.match(line, /^ {4}at (?:file:\/\/|node:)\S+:\d+:\d+$/);
});

const frames: readonly [frame: string, place: string | undefined][] = [
  ['at file:///srv/app.ts:2:55', 'file:///srv/app.ts:2:55'],
  ['at async file:///srv/app.ts:2:55', 'file:///srv/app.ts:2:55'],
  ['at async Promise.all (index 0)', undefined],
  ['at JSON.parse (<anonymous>)', undefined],
  ['at Object.hush [as issue] (/srv/app.cjs:2:5)', '/srv/app.cjs:2:5'],
  ['at new Hush (C:\\srv\\app.cjs:2:5)', 'C:\\srv\\app.cjs:2:5'],
  ['at process.hush (node:internal/process/task_queues:105:5)', 'node:internal/process/task_queues:105:5'],
  ['at fetch (worker.js:12:3)', 'worker.js:12:3'],
  ['at https://cdn.example:8443/x@1/app.js:2:5', 'https://cdn.example:8443/x@1/app.js:2:5'],
  ['at https://user:hush@cdn.example/app.js:2:5', undefined],
  ['at file:///srv/app.ts?token=hush:2:5', undefined],
  ['at file:///srv/app.ts#hush:2:5', undefined],
  ['at data:text/javascript,hush:2:5', undefined],
  ['at eval (eval at hush (file:///srv/app.ts:5:7), <anonymous>:1:7)', undefined],
  ['at hush', undefined],
  ['hush at /srv/app.ts:2:5', undefined],
];
for (const [frame, expected] of frames) {
  cause(`of the frame ${JSON.stringify(frame)} keeps ${expected ?? 'nothing'}`, () => {
    const error = Object.assign(new RangeError('x'), { stack: `RangeError: x\n    ${frame}` });
    assert.is(
      redactCause(error)?.stack,
      `RangeError: RangeError${expected === undefined ? '' : `\n    at ${expected}`}`,
    );
  });
}

const disguised = 'hush\n    at hush/hush:1:2\n    at hush (hush:3:4)';
const withStack = (get: () => unknown): Error => Object.defineProperty(new Error('x'), 'stack', { get });
const disguises: readonly [name: string, error: Error][] = [
  ['a message that looks like frames', new Error(disguised)],
  ['a message of that kind that was replaced', Object.assign(new Error('other'), { stack: `Error: ${disguised}` })],
  ['a stack that is no text', Object.assign(new Error('x'), { stack: [disguised] })],
  ['a stack that cannot be read', withStack(() => JSON.parse('hush'))],
  ['a stack that cannot be text', withStack(() => Object.create(null))],
  ['what lies far below', withStack(() => `Error: x\n${' '.repeat(5000)}\n    at hush/hush:1:2`)],
  ['what is no error', { message: 'x', stack: `x${disguised}` } as never],
];
for (const [name, error] of disguises) {
  cause(`takes nothing from ${name}`, () => assert.not.match(redactCause(error)?.stack ?? '', 'hush'));
}

cause('has nothing for nothing', () => assert.is(redactCause(undefined), undefined));

cause.run();

import { printedForms } from './forms.ts';
import { type Kit, type LeakApi, type LeakCase, never, secrets, throwMarked } from './kit.ts';

const hookUrl = 'https://app.example/hook';

function badBody(): Request {
  return new Request(hookUrl, { method: 'POST', body: `{"secret":"${secrets.requestBody}` });
}

/** What a handler that is written as the providers' are says to a stranger, and to its subscriber about itself. */
const strangers: readonly (readonly [name: string, read: (server: LeakApi['server']) => unknown])[] = [
  ['readJson', ({ readJson }) => readJson(badBody(), { maxBytes: 10_000 })],
  ['readJsonObject', ({ readJsonObject }) => readJsonObject(badBody(), { maxBytes: 10_000 })],
  [
    'readParameters',
    ({ readParameters }) => {
      const query = new URLSearchParams({ token: secrets.query });
      return readParameters(`${query}&${query}`, { required: ['token'] });
    },
  ],
  [
    'readParameters with a malformed one',
    ({ readParameters }) => {
      const query = new URLSearchParams({ token: secrets.query });
      return readParameters(`${query}%ff`, { required: ['token'] });
    },
  ],
  [
    'readMediaType',
    ({ readMediaType }) => {
      const headers = { 'content-type': `application/json; charset="${encodeURIComponent(secrets.ownHeader)}"` };
      return readMediaType(new Request(hookUrl, { method: 'POST', headers }), ['application/json']);
    },
  ],
];

const problems: readonly LeakCase[] = strangers.map(([name, read]) => ({
  name: `what a handler answers a stranger after ${name}`,
  expected: 'nothing',
  async fail({ api, texts }) {
    const { problem } = api.server;
    const result = (await read(api.server)) as { readonly ok: boolean; readonly reason: string };
    if (result.ok) throw new Error('the bad was taken for good');
    const response = problem({ status: 400, code: result.reason });
    texts.push(JSON.stringify(result), JSON.stringify([...response.headers]), await response.text());
  },
}));

const callbacks: readonly (readonly [name: string, reason: string, run: (signal: AbortSignal) => unknown])[] = [
  ['throws', 'failed', throwMarked],
  ['rejects', 'failed', async () => throwMarked()],
  ['throws a text', 'failed', () => Promise.reject(secrets.thrown)],
  ['hangs', 'deadline', () => new Promise(() => {})],
  [
    'rejects when it is late',
    'deadline',
    (signal) => new Promise((_, fail) => signal.addEventListener('abort', () => setImmediate(fail, marked()))),
  ],
];

/** The error is the developer's, and goes to nobody but the subscriber that takes it. */
const failures: readonly LeakCase[] = callbacks.flatMap(([name, reason, run]) =>
  (['stranger', 'subscriber that throws'] as const).map((whom) => ({
    name: `a handler's callback that ${name}, and a ${whom}`,
    expected: 'nothing',
    async fail({ api, texts }: Kit) {
      const { problem, runCallback } = api.server;
      const result = await runCallback(run, { deadlineMs: reason === 'deadline' ? 20 : never });
      if (result.ok || result.reason !== reason) throw new Error(`expected ${reason}`);
      if (whom !== 'stranger') api.events.emit(throwMarked, result);
      const response = problem({ status: result.reason === 'failed' ? 500 : 503, code: result.reason });
      texts.push(JSON.stringify([response.status, ...response.headers]), await response.text());
      if (result.reason !== 'failed') texts.push(...printedForms(result));
      if (name.includes('late')) await new Promise((resolve) => setImmediate(resolve));
    },
  })),
);

const answered: readonly LeakCase[] = [
  {
    name: 'a medium that is refused',
    expected: 'nothing',
    async fail({ api, texts }) {
      const headers = { 'content-type': `text/${secrets.tokenShaped}` };
      const refusal = api.server.refuseMediaType(new Request(hookUrl, { method: 'POST', headers }), [
        'application/json',
      ]);
      if (refusal === undefined) throw new Error('it was taken');
      texts.push(JSON.stringify([...refusal.headers]), await refusal.text());
    },
  },
];

function marked(): unknown {
  try {
    return throwMarked();
  } catch (error) {
    return error;
  }
}

/** What handlers tell strangers when their input, or the developer's own callback, fails. */
export const handlerCases: readonly LeakCase[] = [...problems, ...failures, ...answered];

import { rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CreateClientOptions, createClient } from '../src/client.ts';
import { staticCredential } from '../src/credential.ts';
import { RequestError, ResponseError } from '../src/errors.ts';
import { followRedirects } from '../src/redirects.ts';
import { isRetryable } from '../src/retry.ts';

const baseUrl = 'https://api.example.com/v1/';

const clientOf = (
  fetch: CreateClientOptions['fetch'],
  options: Partial<CreateClientOptions> = {},
): ReturnType<typeof createClient> =>
  createClient({ provider: 'sample', baseUrl, fetch, retry: { baseDelayMs: 0, maxDelayMs: 0 }, ...options });

const answer = (status: number): Response => Response.json({}, { status });
const moved = (location: string, status = 302): Response => new Response(null, { status, headers: { location } });

const follow = suite('redirects · followRedirects');

interface Sent {
  readonly url: string;
  readonly fields: readonly (readonly [string, string])[];
}

/** Follows the given redirects from `https://a.example/1`; tells what was sent and whether all was carried to the end. */
async function followed(locations: readonly string[], request: RequestInit = {}) {
  const sent: Sent[] = [];
  const left = locations.map((location) => moved(location));
  const { response, carried } = await followRedirects(
    new Request('https://a.example/1', request),
    new Headers({ accept: 'text/plain', 'x-token': 't1' }),
    {
      async send({ url }, headers) {
        sent.push({ url, fields: [...headers] });
        return left.shift() ?? new Response();
      },
      refuse: ({ status }) => new RangeError(`refused ${status}`),
    },
  );
  return { sent, carried, status: response.status };
}

const all = [
  ['accept', 'text/plain'],
  ['x-token', 't1'],
] as const;
const little = [['accept', 'text/plain']] as const;

follow('an origin keeps what it was sent, and another gets `accept` only, for good', async () => {
  assert.equal(await followed(['/2', 'https://b.example/3', '/4', 'https://a.example/5']), {
    sent: [
      { url: 'https://a.example/1', fields: all },
      { url: 'https://a.example/2', fields: all },
      { url: 'https://b.example/3', fields: little },
      { url: 'https://b.example/4', fields: little },
      { url: 'https://a.example/5', fields: little },
    ],
    carried: false,
    status: 200,
  });
});

const others = ['http://a.example/2', 'https://a.example:444/2', 'https://a.example.evil/2', '//b.example/'];
for (const location of others) {
  follow(`${location} is another origin`, async () => {
    const { sent, carried } = await followed([location]);
    assert.equal(sent[1]?.fields, little);
    assert.is(carried, false);
  });
}

for (const location of ['/2', '?b', '', '#c', 'https://a.example:443/2', 'https://A.example/2', '/@2', '?b=@c']) {
  follow(`${JSON.stringify(location)} stays`, async () => {
    const { sent, carried } = await followed([location]);
    assert.equal(sent[1]?.fields, all);
    assert.is(carried, true);
  });
}

follow('a redirect that is forbidden is refused, and one that is asked for is given', async () => {
  await rejects(followed(['/2'], { redirect: 'error' }), RangeError, /refused 302/);
  const { sent, status } = await followed(['/2'], { redirect: 'manual' });
  assert.equal([sent.length, status], [1, 302]);
});

for (const location of [
  'file:///etc/passwd',
  'http://[',
  'https://a:b@a.example/',
  '//a@b.example/',
  'https://@:b@c/',
]) {
  follow(`${location} leads nowhere`, async () => {
    assert.equal(await followed([location]), {
      sent: [{ url: 'https://a.example/1', fields: all }],
      carried: true,
      status: 302,
    });
  });
}

follow('no second request goes out with a body', async () => {
  assert.is((await followed(['/2'], { method: 'POST', body: 'a' })).status, 302);
});

follow.run();

const redirects = suite('redirects · with a client');

for (const status of [301, 302, 303, 307, 308]) {
  for (const method of ['get', 'head'] as const) {
    redirects(`${method} follows ${status} within the origin, with everything it carried`, async () => {
      const fetch = scriptedFetch([moved('/v1/b', status), new Response()]);
      const sample = clientOf(fetch, { credential: staticCredential({ 'x-token': 't1' }) });
      await sample[method]('a', { headers: { 'x-own': '1' } });
      assert.equal(
        fetch.requests.map(
          ({ method: sent, url, headers }) => `${sent} ${url} ${headers.get('x-token')} ${headers.get('x-own')}`,
        ),
        [`${method.toUpperCase()} ${baseUrl}a t1 1`, `${method.toUpperCase()} ${baseUrl}b t1 1`],
      );
    });
  }

  for (const method of ['post', 'put', 'patch', 'delete'] as const) {
    redirects(`${method} does not follow ${status}`, async () => {
      const fetch = scriptedFetch([moved('/v1/b', status)]);
      const error = await rejects(clientOf(fetch)[method]('a').json(), ResponseError, 'http.rejected');
      assert.is(error.status, status);
    });
  }
}

for (const status of [300, 304, 305, 399]) {
  redirects(`${status} is none, whatever it says`, async () => {
    const error = await rejects(
      clientOf(scriptedFetch([moved('/v1/b', status)]))
        .get('a')
        .json(),
      ResponseError,
      'http.rejected',
    );
    assert.is(error.status, status);
  });
}

redirects('nor is a success that names a place, or a redirect that names none', async () => {
  const headers = { location: '/v1/b' };
  assert.is((await clientOf(scriptedFetch([new Response('', { status: 201, headers })])).get('a')).status, 201);
  await rejects(
    clientOf(scriptedFetch([new Response(null, { status: 302 })]))
      .get('a')
      .json(),
    ResponseError,
    'http.rejected',
  );
});

redirects('five are followed, and no sixth', async () => {
  const hops = (count: number): Response[] => Array.from({ length: count }, (_, hop) => moved(`/v1/${hop}`));
  assert.equal(
    await clientOf(scriptedFetch([...hops(5), answer(200)]))
      .get('a')
      .json(),
    {},
  );
  const fetch = scriptedFetch(hops(6));
  await rejects(clientOf(fetch).get('a').json(), ResponseError, 'http.rejected');
  fetch.assertConsumed();
});

for (const method of ['get', 'post'] as const) {
  redirects(`redirect: error refuses the redirect of a ${method} at once, whatever else is switched off`, async () => {
    const fetch = scriptedFetch([moved('/v1/b?hush')]);
    const sample = clientOf(fetch);
    for (const input of ['a?hush', new Request(`${baseUrl}a?hush`, { redirect: 'error' })]) {
      const options = input instanceof Request ? {} : ({ redirect: 'error' } as const);
      const again = clientOf(scriptedFetch([moved('/v1/b?hush')]));
      const error = await rejects(
        Promise.resolve(again(input, { ...options, method, throwHttpErrors: false })),
        ResponseError,
        'http.rejected',
      );
      assert.is(error.status, 302);
      assert.is(error.message, `${method.toUpperCase()} ${baseUrl}a: expected no redirect, got status 302`);
      assert.is(isRetryable(error), false);
    }
    await rejects(sample(`a`, { method, redirect: 'error' }).json(), ResponseError, 'http.rejected');
    fetch.assertConsumed();
  });
}

for (const redirect of ['follow', 'error'] as const) {
  redirects(`the body of a redirect is let go of, redirect: ${redirect}`, async () => {
    let cancelled = false;
    const body = new ReadableStream({
      cancel() {
        cancelled = true;
        throw new Error('hush'); // matters to nobody
      },
    });
    const first = new Response(body, { status: 302, headers: { location: '/v1/b' } });
    await clientOf(scriptedFetch([first, answer(200)]))
      .get('a', { redirect })
      .catch(() => {});
    assert.ok(cancelled);
  });
}

redirects('nothing is accepted elsewhere that was not asked for', async () => {
  const fetch = scriptedFetch([moved('https://files.example.net/x'), answer(200)]);
  await clientOf(fetch).get('a', { headers: { accept: undefined } });
  assert.equal([...(fetch.requests[1]?.headers ?? [])], []);
});

redirects('a caller who gives up gives up the next hop too', async () => {
  const controller = new AbortController();
  const fetch = scriptedFetch([
    moved('/v1/b'),
    ({ signal }) => {
      controller.abort();
      assert.ok(signal.aborted);
      throw signal.reason;
    },
  ]);
  await rejects(clientOf(fetch).get('a', { signal: controller.signal }).json(), RequestError, 'http.aborted');
});

redirects.run();

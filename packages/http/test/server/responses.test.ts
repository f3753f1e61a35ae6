import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixedJson, json, page, problem, redirect } from '../../src/server/responses.ts';

const responses = suite('responses');

const all: readonly [name: string, response: () => Response, status: number, type: string | null][] = [
  ['problem', () => problem({ status: 400, code: 'code-missing' }), 400, 'application/problem+json'],
  ['json', () => json({ a: 1 }), 200, 'application/json'],
  ['json with a status', () => json([], { status: 201 }), 201, 'application/json'],
  ['fixedJson', fixedJson({ error: 'no' }, { status: 401 }), 401, 'application/json'],
  ['redirect', () => redirect('/next'), 303, null],
  ['page', () => page({ status: 403, title: 'No', message: 'Not you.' }), 403, 'text/html; charset=utf-8'],
];
for (const [name, response, status, type] of all) {
  responses(`${name} is neither cached nor sniffed, and does not say where it came from`, () => {
    const { headers, ...got } = { headers: response().headers, status: response().status };
    assert.is(got.status, status);
    assert.is(headers.get('content-type'), type);
    assert.is(headers.get('cache-control'), 'no-store');
    assert.is(headers.get('x-content-type-options'), 'nosniff');
    assert.is(headers.get('referrer-policy'), 'no-referrer');
  });
}

responses('a problem holds its code and nothing else', async () => {
  assert.equal(await problem({ status: 409, code: 'in-progress' }).json(), { status: 409, code: 'in-progress' });
});

responses('json holds the value', async () => {
  assert.equal(await json({ a: [1, null] }).json(), { a: [1, null] });
});

responses('a fixed answer is the same each time, and its own each time', async () => {
  const body = { error: 'no' };
  const answer = fixedJson(body, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
  const first = answer();
  const appearance = [first.status, [...first.headers], await first.text()];
  first.headers.set('x-own', '1');
  body.error = 'something else';
  const second = answer();
  assert.equal([second.status, [...second.headers], await second.text()], appearance);
  assert.equal(appearance[2], '{"error":"no"}');
  assert.is(second.headers.get('www-authenticate'), 'Bearer');
});

responses('own header fields are added, and several cookies stay several', () => {
  const headers = new Headers({ 'retry-after': '1', 'cache-control': 'max-age=1' });
  headers.append('set-cookie', 'a=1');
  headers.append('set-cookie', 'b=2');
  for (const response of [
    problem({ status: 400, code: 'x', headers }),
    json({}, { headers }),
    fixedJson({}, { headers })(),
    redirect('/x', { headers }),
    page({ status: 200, title: '', message: '', headers }),
  ]) {
    assert.equal(response.headers.getSetCookie(), ['a=1', 'b=2']);
    assert.is(response.headers.get('retry-after'), '1');
    assert.is(response.headers.get('cache-control'), 'max-age=1');
  }
});

responses('a redirect goes where it was told', () => {
  assert.is(redirect(new URL('https://app.example/a?b=c')).headers.get('location'), 'https://app.example/a?b=c');
  assert.is(redirect('/next', { status: 307 }).status, 307);
});

responses('a redirect with a line break is refused by the platform', () => {
  assert.throws(
    () => redirect('/a\r\nset-cookie: b=c'),
    (error: unknown) => error instanceof TypeError,
  );
});

responses('a page loads nothing, posts nowhere and cannot be framed', () => {
  const policy = page({ status: 200, title: 'a', message: 'b' }).headers.get('content-security-policy') ?? '';
  for (const rule of ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]) {
    assert.ok(policy.split('; ').includes(rule), rule);
  }
});

responses('a page shows its texts and takes no markup from them', async () => {
  const html = await page({ status: 200, title: '<script>', message: `"it's" & <b>` }).text();
  assert.match(html, '<title>&lt;script&gt;</title><h1>&lt;script&gt;</h1><p>&quot;it&#39;s&quot; &amp; &lt;b&gt;</p>');
});

responses('no text gets out of its element', async () => {
  const tags = async (title: string, message: string): Promise<number> =>
    (await page({ status: 200, title, message }).text()).split('<').length;
  const without = await tags('', '');
  await property(
    fc.asyncProperty(fc.string(), fc.string(), async (title, message) => {
      assert.is(await tags(title, message), without);
    }),
  );
});

responses.run();

import { manualClock, rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBrowser } from '../../src/emulator/browser.ts';

const browser = suite('emulator · browser');
const site = 'https://acme.example';

function open(
  answer: (request: Request) => Response | Promise<Response>,
  url = `${site}/`,
  initiator = 'https://hub.example/',
) {
  return openBrowser({ url, initiator, transport: async (request) => answer(request), clock: manualClock() });
}

const html = (text: string) => new Response(text, { headers: { 'content-type': 'text/html' } });

browser('says where a navigation comes from', async () => {
  const seen: string[] = [];
  const driver = await open(({ headers }) => {
    seen.push(`${headers.get('sec-fetch-mode')} ${headers.get('sec-fetch-site')} ${headers.get('origin')}`);
    return html('<form method="post" action="/x"></form>');
  });
  await driver.submit();
  await driver.visit(`${site}/typed`);
  assert.equal(seen, ['navigate cross-site null', `navigate same-origin ${site}`, 'navigate none null']);
  const onSibling: (string | null)[] = [];
  await open(
    (request) => {
      onSibling.push(request.headers.get('sec-fetch-site'));
      return html('');
    },
    'https://a.acme.example/',
    'https://b.acme.example/',
  );
  assert.equal(onSibling, ['same-site']);
});

browser('follows redirects, dropping the body at a 303 and keeping it at a 307', async () => {
  const seen: string[] = [];
  const driver = await open(async (request) => {
    const { pathname } = new URL(request.url);
    seen.push(`${request.method} ${pathname} ${await request.text()}`);
    if (pathname === '/form') return new Response(null, { status: 307, headers: { location: '/again' } });
    if (pathname === '/again') return new Response(null, { status: 303, headers: { location: '/end?x=1' } });
    return html('<form method="post" action="form"><input name="a" value="1"></form>');
  });
  await driver.submit();
  assert.equal(seen, ['GET / ', 'POST /form a=1', 'POST /again a=1', 'GET /end ']);
  assert.is(driver.page.url, `${site}/end?x=1`);
  assert.is(driver.trail.at(-1), `${site}/end`);
});

browser('reads forms as browsers do', async () => {
  const seen: string[] = [];
  const page = `
    <form action='/search'><input name=q value='a&amp;b &quot;c&quot;'><input type="submit" name="go" value="x"></form>
    <FORM METHOD="POST"><textarea name="t"></textarea><input value="no name"><input name="b" value=2></FORM>`;
  const driver = await open(async (request) => {
    seen.push(`${request.method} ${request.url.slice(site.length)} ${await request.text()}`);
    return html(page);
  });
  await driver.submit();
  await driver.submit({ t: 'text', extra: 'é' }, 1);
  assert.equal(seen.slice(1), ['GET /search?q=a%26b+%22c%22 ', 'POST /search?q=a%26b+%22c%22 t=text&b=2&extra=%C3%A9']);
  await rejects(driver.submit({}, 2), Error, /no form 2/);
});

browser('leaves what is no entity as it is, also where an object has a member of that name', async () => {
  const seen: string[] = [];
  const driver = await open((request) => {
    seen.push(new URL(request.url).searchParams.get('q') ?? '');
    return html('<form><input name="q" value="&constructor;&toString;&copy;&lt;"></form>');
  });
  await driver.submit();
  assert.is(seen.at(-1), '&constructor;&toString;&copy;<');
});

browser('gives up on endless redirects', () =>
  rejects(
    open(() => new Response(null, { status: 302, headers: { location: '/' } })),
    Error,
    /20 redirects/,
  ).then(() => {}),
);

browser.run();

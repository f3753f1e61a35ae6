import { inspect } from 'node:util';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLoopback, isSecureUrl, readBaseUrl, readSecureUrl } from '../../src/options/secure-url.ts';

const hosts = suite('options · isLoopback');

const hostnames: readonly [hostname: string, expected: boolean][] = [
  ['localhost', true],
  ['app.localhost', true],
  ['a.b.localhost', true],
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['[::1]', true],
  ['', false],
  ['.localhost', false],
  ['localhost.', false],
  ['localhost.example', false],
  ['notlocalhost', false],
  ['127.0.0.1.example', false],
  ['x127.0.0.1', false],
  ['127.0.0', false],
  ['128.0.0.1', false],
  ['10.0.0.1', false],
  ['0.0.0.0', false],
  ['::1', false],
  ['[::2]', false],
  ['[::ffff:7f00:1]', false],
  ['127.0.0.1\n', false],
];
for (const [hostname, expected] of hostnames) {
  hosts(`${inspect(hostname)} is ${expected ? 'this machine' : 'another'}`, () => {
    assert.is(isLoopback(hostname), expected);
  });
}

hosts('knows every spelling of an address, once a URL has read it', () => {
  for (const url of ['http://127.1', 'http://0x7f.0.0.1', 'http://2130706433', 'http://LOCALHOST', 'http://[0:0::1]']) {
    assert.ok(isLoopback(new URL(url).hostname), url);
  }
});

hosts.run();

const urls = suite('options · readSecureUrl');

const secure: readonly (readonly [value: string | URL, href: string])[] = [
  ['https://api.example', 'https://api.example/'],
  ['https://api.example:8443/v1?a=1', 'https://api.example:8443/v1?a=1'],
  ['HTTPS://API.example/', 'https://api.example/'],
  [new URL('https://api.example/v1'), 'https://api.example/v1'],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
  ['http://localhost', 'http://localhost/'],
  ['http://app.localhost/', 'http://app.localhost/'],
  ['http://[::1]:4000/v1', 'http://[::1]:4000/v1'],
  ['https://api.example/?a=%23', 'https://api.example/?a=%23'],
];
for (const [value, href] of secure) {
  urls(`takes ${value}`, () => {
    assert.is(readSecureUrl('apiUrl', value).href, href);
    assert.ok(isSecureUrl(value));
  });
}

const absolute = 'must be an absolute URL';
const scheme = 'must be an https: URL; http: is accepted on loopback only';
const parts = 'must have neither user info nor a fragment';
const refused: readonly (readonly [value: unknown, text: string])[] = [
  ['', absolute],
  ['/v1', absolute],
  ['api.example/v1', absolute],
  ['https://', absolute],
  [' https://api.example', absolute],
  ['https://api.example\n', absolute],
  ['https://api.exa\tmple', absolute],
  ['https://api.example/a b', absolute],
  ['https:api.example/v1', absolute],
  ['https:/api.example/v1', absolute],
  ['https:///api.example/v1', absolute],
  ['https:\\\\api.example/v1', absolute],
  ['https://api.example\\v1', absolute],
  ['HTTP:localhost:4000', absolute],
  ['https://api.example/\u2028', absolute],
  ['https://api.example/\0', absolute],
  [undefined, absolute],
  [7, absolute],
  [{}, absolute],
  ['http://api.example', scheme],
  ['http://127.0.0.1.example', scheme],
  ['http://localhost@api.example', scheme],
  ['ftp://localhost', scheme],
  ['javascript:alert(1)', scheme],
  ['data:text/plain,x', scheme],
  ['https://user@api.example', parts],
  ['https://user:marker@api.example', parts],
  ['https://:marker@api.example', parts],
  ['https://api.example/#a', parts],
  ['https://api.example/#', parts],
  [new URL('http://user:marker@localhost/'), parts],
];
for (const [value, text] of refused) {
  urls(`refuses ${inspect(value).slice(0, 40)} by name, and never its value`, () => {
    assert.throws(
      () => readSecureUrl('apiUrl', value as string),
      (error: Error) => error instanceof TypeError && error.message === `apiUrl ${text}`,
    );
    assert.not(isSecureUrl(value));
  });
}

urls('a question about any value is answered', () => {
  for (const value of [null, Symbol('s'), Object.create(null), { href: 'https://api.example' }, []]) {
    assert.not(isSecureUrl(value));
  }
});

urls.run();

const bases = suite('options · readBaseUrl');

bases('takes a secure URL without query', () => {
  assert.is(readBaseUrl('apiUrl', 'https://api.example/v1').href, 'https://api.example/v1');
  assert.is(readBaseUrl('apiUrl', new URL('http://localhost:4000')).href, 'http://localhost:4000/');
});

bases('refuses a query, and what is not secure', () => {
  assert.throws(() => readBaseUrl('apiUrl', 'https://api.example/?token=marker'), /^apiUrl must not have a query$/);
  assert.throws(() => readBaseUrl('apiUrl', 'http://api.example/'), /^apiUrl must be an https: URL; http: is/);
});

bases.run();

const properties = suite('options · secure URLs · properties');

properties('the question and the reader agree, and what is read is encrypted or stays here', async () => {
  const nearUrl = fc
    .tuple(fc.constantFrom('https:', 'http:', 'ftp:', ' https:', ''), fc.constantFrom('//', '/', '//u@'), fc.webUrl())
    .map(([start, slashes, url]) => start + slashes + url.replace(/^https?:\/\//, ''));
  await property(
    fc.property(
      fc.oneof(fc.string(), nearUrl, fc.webUrl({ withFragments: true, withQueryParameters: true })),
      (text) => {
        let url: URL | undefined;
        try {
          url = readSecureUrl('apiUrl', text);
        } catch (error) {
          assert.ok(error instanceof TypeError);
        }
        assert.is(isSecureUrl(text), url !== undefined);
        if (url === undefined) return;
        assert.ok(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
        assert.equal([url.username, url.password, url.hash], ['', '', '']);
      },
    ),
  );
});

properties.run();

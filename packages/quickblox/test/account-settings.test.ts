import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toEndpoint } from '../src/account-settings.ts';

const endpoint = suite('quickblox · toEndpoint');

for (const text of [
  'https://api.quickblox.com',
  'https://apicustomer.quickblox.com/',
  'https://api.eu-1.quickblox.com',
]) {
  endpoint(`takes ${text}`, () => assert.is(toEndpoint({ api_endpoint: text })?.origin, text.replace(/\/$/, '')));
}

endpoint('takes nothing but the host, and not the mark of a query that is empty', () => {
  assert.is(toEndpoint({ api_endpoint: 'https://api.quickblox.com?' })?.href, 'https://api.quickblox.com/');
});

const refused = [
  'http://api.quickblox.com',
  'http://127.0.0.1:8080',
  'http://localhost',
  'https://localhost',
  'https://quickblox.com.attacker.example',
  'https://attacker.example/api.quickblox.com',
  'https://evilquickblox.com',
  'https://api.quickblox.com@attacker.example',
  'https://user:pass@api.quickblox.com',
  'https://api.quickblox.com:8443',
  'https://api.quickblox.com/path',
  'https://api.quickblox.com?a=b',
  'https://api.quickblox.com#a',
  'https://api.quickblox.com#',
  'https://api.quickblox.com\n',
  ' https://api.quickblox.com',
  'https://.quickblox.com',
  'https://10.0.0.1',
  'https://[::1]',
  'ftp://api.quickblox.com',
  'javascript:alert(1)//.quickblox.com',
  'api.quickblox.com',
  '//api.quickblox.com',
  '',
];
for (const text of refused) {
  endpoint(`refuses ${JSON.stringify(text)}`, () => assert.is(toEndpoint({ api_endpoint: text }), undefined));
}

endpoint.run();

const properties = suite('quickblox · toEndpoint · properties');

properties('gives nothing but https hosts below quickblox.com', () =>
  property(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        fc.tuple(fc.string(), fc.string()).map(([a, b]) => `https://${a}.quickblox.com${b}`),
      ),
      (text) => {
        const url = toEndpoint({ api_endpoint: text });
        if (url === undefined) return;
        assert.match(url.href, /^https:\/\/[\w.-]+\.quickblox\.com\/$/);
      },
    ),
  ),
);

properties.run();

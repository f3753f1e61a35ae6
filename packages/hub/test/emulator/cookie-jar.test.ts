import { manualClock } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCookieJar } from '../../src/emulator/cookie-jar.ts';

const jar = suite('emulator · cookie jar');

interface Case {
  readonly what: string;
  readonly set: string;
  readonly at?: string;
  readonly to?: string;
  readonly method?: string;
  readonly isCrossSite?: boolean;
  readonly sent: string;
}

const host = '__Host-a=1; Path=/; Secure';
const cases: readonly Case[] = [
  { what: 'keeps a __Host- cookie', set: host, sent: '__Host-a=1' },
  {
    what: 'treats loopback as secure',
    set: host,
    at: 'http://127.0.0.1:3000/',
    to: 'http://127.0.0.1:4000/x',
    sent: '__Host-a=1',
  },
  { what: 'drops Secure from plain http', set: host, at: 'http://acme.example/', sent: '' },
  { what: 'never sends Secure over plain http', set: host, to: 'http://acme.example/', sent: '' },
  { what: 'drops __Host- without Secure', set: '__Host-a=1; Path=/', sent: '' },
  {
    what: 'drops __Host- with another path',
    set: '__Host-a=1; Path=/x; Secure',
    to: 'https://acme.example/x',
    sent: '',
  },
  { what: 'drops __Host- with a domain', set: `${host}; Domain=acme.example`, sent: '' },
  { what: 'drops __Secure- without Secure', set: '__Secure-a=1; Path=/', sent: '' },
  { what: 'drops SameSite=None without Secure', set: 'a=1; Path=/; SameSite=None', sent: '' },
  { what: 'drops a cookie for another domain', set: 'a=1; Path=/; Domain=evil.example', sent: '' },
  { what: 'drops a field without a name', set: '=1', sent: '' },
  { what: 'sends Lax on a foreign link', set: 'a=1; Path=/; SameSite=Lax', isCrossSite: true, sent: 'a=1' },
  {
    what: 'keeps Lax from a foreign form',
    set: 'a=1; Path=/; SameSite=Lax',
    isCrossSite: true,
    method: 'POST',
    sent: '',
  },
  { what: 'takes no attribute for Lax', set: 'a=1; Path=/', isCrossSite: true, method: 'POST', sent: '' },
  { what: 'keeps Strict from a foreign link', set: 'a=1; Path=/; SameSite=Strict', isCrossSite: true, sent: '' },
  { what: 'sends Strict at home', set: 'a=1; Path=/; SameSite=Strict', sent: 'a=1' },
  {
    what: 'sends None with a foreign form',
    set: 'a=1; Path=/; Secure; SameSite=None',
    isCrossSite: true,
    method: 'POST',
    sent: 'a=1',
  },
  { what: 'keeps a host cookie from subdomains', set: 'a=1; Path=/', to: 'https://sub.acme.example/', sent: '' },
  {
    what: 'sends a domain cookie to subdomains',
    set: 'a=1; Path=/; Domain=.acme.example',
    to: 'https://sub.acme.example/',
    sent: 'a=1',
  },
  { what: 'honours the path', set: 'a=1; Path=/x', to: 'https://acme.example/xy', sent: '' },
  { what: 'sends below the path', set: 'a=1; Path=/x', to: 'https://acme.example/x/y', sent: 'a=1' },
  {
    what: 'takes the path of the page by default',
    set: 'a=1',
    at: 'https://acme.example/x/y',
    to: 'https://acme.example/z',
    sent: '',
  },
  { what: 'drops what has expired', set: 'a=1; Path=/; Max-Age=0', sent: '' },
  { what: 'honours Expires', set: 'a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT', sent: '' },
];

for (const {
  what,
  set,
  at = 'https://acme.example/',
  to = 'https://acme.example/',
  method = 'GET',
  isCrossSite = false,
  sent,
} of cases) {
  jar(what, () => {
    const cookies = createCookieJar(manualClock());
    cookies.take(new Response(null, { headers: { 'set-cookie': set } }), new URL(at));
    assert.is(cookies.fieldFor({ url: new URL(to), method, isCrossSite }), sent);
  });
}

jar('replaces, removes and outlives', () => {
  const clock = manualClock();
  const cookies = createCookieJar(clock);
  const url = new URL('https://acme.example/');
  const take = (...fields: string[]) => {
    cookies.take(new Response(null, { headers: fields.map((field): [string, string] => ['set-cookie', field]) }), url);
  };
  const sent = () => cookies.fieldFor({ url, method: 'GET', isCrossSite: false });
  take('a=1; Path=/; Max-Age=60', 'b=2; Path=/');
  take('a=3; Path=/; Max-Age=60');
  assert.is(sent(), 'a=3; b=2');
  clock.advance(60_000);
  assert.is(sent(), 'b=2');
  take('b=; Path=/; Max-Age=0');
  assert.is(sent(), '');
});

jar.run();

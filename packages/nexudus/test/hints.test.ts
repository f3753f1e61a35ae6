import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readHints } from '../src/install/hints.ts';

const hints = suite('nexudus · readHints');

const table: readonly (readonly [search: string, subdomain: string | undefined, email: string | undefined])[] = [
  ['b=my-space&e=user@example.com', 'my-space', 'user@example.com'],
  ['b=my-space&e=user%2Btag%40example.com', 'my-space', 'user+tag@example.com'],
  ['b=my-space&e=user+tag@example.com', 'my-space', 'user+tag@example.com'],
  ['', undefined, undefined],
  ['b=&e=', undefined, undefined],
  ['b=one&b=two&e=a@b.c&e=a@b.c', undefined, undefined],
  ['b=a%0Ab&e=a%00@b.c', undefined, undefined],
  [`b=${'x'.repeat(254)}&e=${'x'.repeat(255)}`, 'x'.repeat(254), undefined],
  ['b[]=my-space&E=a@b.c', undefined, undefined],
  ['b=<script>&e="', '<script>', '"'],
];
for (const [search, subdomain, email] of table) {
  hints(`reads ${search.slice(0, 60)}`, () => {
    assert.equal(readHints(new URLSearchParams(search)), { subdomain, email });
  });
}

hints.run();

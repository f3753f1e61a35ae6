import { inspect } from 'node:util';
import { Secret } from '@x/crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setField, staticCredential } from '../src/credential.ts';

const fixed = suite('credential · staticCredential');

fixed('gives the same fields every time, from text and secrets', async () => {
  const credential = staticCredential({ 'x-token': 'abc', authorization: new Secret('Bearer def') });
  for (let n = 0; n < 2; n += 1) {
    assert.equal(await credential.headers({}), { 'x-token': 'abc', authorization: 'Bearer def' });
  }
});

fixed('gives fields that a caller may change without consequence', async () => {
  const credential = staticCredential({ 'x-token': 'abc' });
  Object.assign(await credential.headers({}), { 'x-token': 'changed' });
  assert.equal(await credential.headers({}), { 'x-token': 'abc' });
});

fixed('has no opinion on answers: nothing is replayed', () => {
  assert.equal(Object.keys(staticCredential({ 'x-token': 'abc' })), ['headers']);
});

fixed('does not show what it holds', () => {
  const credential = staticCredential({ 'x-token': 'hush' });
  assert.not.match(`${inspect(credential, { depth: null, showHidden: true })}${JSON.stringify(credential)}`, 'hush');
});

const refused: readonly [name: string, fields: Record<string, string>, named: RegExp][] = [
  ['a line break in a value', { 'x-token': 'hush\r\nx-admin: 1' }, /"x-token"/],
  ['a NUL in a value', { 'x-token': 'hush\0' }, /"x-token"/],
  ['characters beyond Latin-1', { 'x-token': 'hush…' }, /"x-token"/],
  ['an empty name', { '': 'hush' }, /""/],
  ['a space in a name', { 'x token': 'hush' }, /"x token"/],
];
for (const [name, fields, named] of refused) {
  fixed(`refuses ${name} at construction, without quoting the value`, () => {
    assert.throws(
      () => staticCredential(fields),
      (error: unknown) =>
        error instanceof TypeError && named.test(error.message) && !String(error.stack).includes('hush'),
    );
  });
}

fixed.run();

const setting = suite('credential · setField');

setting('replaces a field of the same name, whatever its case', () => {
  const headers = new Headers({ 'X-Token': 'old' });
  setField(headers, 'x-token', 'new');
  assert.equal([...headers], [['x-token', 'new']]);
});

setting.run();

import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { breakBody, breakOf, dropped, isDropped } from '../../src/emulator/broken-connection.ts';

const broken = suite('broken-connection');

broken('a dropped connection is told from a mistake, also one of another copy', () => {
  assert.ok(isDropped(dropped()));
  assert.is(breakOf(dropped()), 'end');
  const other = Object.defineProperty(new TypeError('fetch failed'), Symbol.for('@x/http.dropped'), { value: 'reset' });
  assert.is(breakOf(other), 'reset');
  const others = [new TypeError('fetch failed'), Object.assign(new Error('x'), dropped()), undefined, {}];
  for (const other of others) {
    assert.not.ok(isDropped(other));
    assert.is(breakOf(other), undefined);
  }
});

for (const [how, code, text] of [
  ['end', 'UND_ERR_SOCKET', 'other side closed'],
  ['reset', 'ECONNRESET', 'read ECONNRESET'],
] as const) {
  broken(`one that ended by ${how} looks as the platform has it`, () => {
    const before = dropped(how);
    assert.equal(
      [before.message, (before.cause as { code: string }).code, breakOf(before)],
      ['fetch failed', code, how],
    );
    assert.is((before.cause as Error).message, text);
    const within = dropped(how, 'body');
    assert.equal([within.message, (within.cause as { code: string }).code, breakOf(within)], ['terminated', code, how]);
  });

  broken(`an answer that ends by ${how} gives half of what it promised`, async () => {
    const given = new Response('12345', { status: 201, statusText: 'Made', headers: { 'x-some': 'field' } });
    const response = await breakBody(given, how);
    assert.equal([response.status, response.statusText, response.headers.get('x-some')], [201, 'Made', 'field']);
    assert.is(response.headers.get('content-length'), '5');
    const reader = response.body?.getReader();
    assert.is(new TextDecoder().decode((await reader?.read())?.value), '12');
    const error = await rejects(Promise.resolve(reader?.read()), TypeError, /^terminated$/);
    assert.is(breakOf(error), how);
  });
}

broken('a body of a byte breaks before it', async () => {
  await rejects((await breakBody(new Response('1'), 'end')).text(), TypeError, /^terminated$/);
});

broken('without a body the connection ends before the answer', async () => {
  const error = await rejects(breakBody(new Response(null, { status: 204 }), 'reset'), TypeError, /^fetch failed$/);
  assert.is(breakOf(error), 'reset');
});

broken.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { amendResponse } from '../../src/server/amend-response.ts';

const amend = suite('server · amend-response');

amend('changes fields that cannot be changed, and keeps status, body and the other fields', async () => {
  const given = Response.redirect('https://app.example/login', 303);
  const amended = amendResponse(given, (headers) => headers.append('set-cookie', 'a=1'));
  assert.is(amended.status, 303);
  assert.equal([...amended.headers].sort(), [
    ['location', 'https://app.example/login'],
    ['set-cookie', 'a=1'],
  ]);
  const text = amendResponse(new Response('text', { status: 201 }), (headers) => headers.set('x-one', '1'));
  assert.equal([text.status, text.headers.get('x-one'), await text.text()], [201, '1', 'text']);
});

amend('says what is wrong with a response that cannot be sent', async () => {
  const read = new Response('text');
  await read.text();
  const being = new Response('text');
  being.body?.getReader();
  const rows: readonly [response: Response, text: RegExp][] = [
    [read, /its body has been read/],
    [being, /is being read/],
    [Response.error(), /its status is 0, as that of Response\.error\(\)/],
  ];
  for (const [response, text] of rows) {
    assert.throws(
      () => amendResponse(response, () => assert.unreachable()),
      (error: unknown) => error instanceof TypeError && text.test(error.message),
    );
  }
});

amend.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isResponse } from '../../src/server/is-response.ts';

const response = suite('server · is-response');

/** Of another realm or a polyfill: it can do what a response can, and is of another class. */
const foreign = { status: 200, headers: { get: () => null }, arrayBuffer: async () => new ArrayBuffer(0) };

const rows: readonly [what: string, value: unknown, isOne: boolean][] = [
  ['a response', new Response('text'), true],
  ["a response of the platform's redirect()", Response.redirect('https://app.example/login', 302), true],
  ['a response that is read', await readOne(), true],
  ['one of another class', foreign, true],
  ['nothing', undefined, false],
  ['null', null, false],
  ['a text', 'done', false],
  ['a status', 204, false],
  ['a row of a database', { id: 7, status: 'active' }, false],
  ['a row with a status that is a number', { id: 7, status: 200, headers: {} }, false],
  ['one without header fields', { ...foreign, headers: null }, false],
  ['one without a body to be read', { ...foreign, arrayBuffer: undefined }, false],
  ['a request', new Request('https://app.example/'), false],
];

async function readOne(): Promise<Response> {
  const read = new Response('text');
  await read.text();
  return read;
}

for (const [what, value, isOne] of rows) {
  response(`${isOne ? 'takes' : 'does not take'} ${what} for a response`, () => {
    assert.is(isResponse(value), isOne);
  });
}

response.run();

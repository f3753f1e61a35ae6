import { ResponseError } from '@x/http';
import { manualClock, rejects, scriptedFetch } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHubRise } from '../src/hubrise.ts';
import { untilNextWindow } from '../src/throttling.ts';
import { clientId, clientSecret } from './support.ts';

const add = suite('hubrise · untilNextWindow');
const minute = Date.UTC(2026, 4, 1, 10, 35);

const cases: readonly [what: string, answer: Response, nowMs: number, expected: string | null][] = [
  ['at the full minute', new Response(null, { status: 429 }), minute, '60'],
  ['within the minute', new Response(null, { status: 429 }), minute + 45_500, '15'],
  [
    'by the date of the answer',
    new Response(null, { status: 429, headers: { date: 'Fri, 01 May 2026 10:35:59 GMT' } }),
    minute + 20_000,
    '1',
  ],
  [
    'by the own clock when the date is none',
    new Response(null, { status: 429, headers: { date: 'soon' } }),
    minute + 1,
    '60',
  ],
  ['not over what HubRise says', new Response(null, { status: 429, headers: { 'retry-after': '7' } }), minute, '7'],
  ['to no other status', new Response(null, { status: 503 }), minute, null],
];
for (const [what, answer, nowMs, expected] of cases) {
  add(`adds the time ${what}`, async () => {
    const fetch = untilNextWindow({ fetch: scriptedFetch([answer]), clock: manualClock(nowMs) });
    const { headers, status } = await fetch('https://api.hubrise.com/v1/location');
    assert.equal([headers.get('retry-after'), status], [expected, answer.status]);
  });
}

add('keeps everything else of the answer', async () => {
  const headers = { 'content-type': 'application/json', 'x-request-id': 'r-1' };
  const answer = new Response('{"error_type":"too_many_requests"}', { status: 429, statusText: 'Slow', headers });
  const fetch = untilNextWindow({ fetch: scriptedFetch([answer]) });
  const response = await fetch('https://api.hubrise.com/v1/location');
  assert.equal([response.statusText, response.headers.get('x-request-id')], ['Slow', 'r-1']);
  assert.is(await response.text(), '{"error_type":"too_many_requests"}');
});
add.run();

const client = suite('hubrise · throttled client');

client('fails at once, and tells until when, where the window stays shut for longer than it would wait', async () => {
  const body = JSON.stringify({ message: 'slow down', error_type: 'too_many_requests' });
  const fetch = scriptedFetch([new Response(body, { status: 429 })]);
  const clock = manualClock(minute + 10_000);
  const { location } = createHubRise({ clientId, clientSecret, fetch, clock }).connect('token');
  const error = await rejects(location(), ResponseError, 'http.rate-limited');
  assert.is(error.retryAfterMs, 50_000);
  assert.equal(error.fault, { type: 'too_many_requests', message: 'slow down', errors: [] });
  fetch.assertConsumed();
});
client.run();

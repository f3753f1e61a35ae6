import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkHubUrl, type HubUrlReason } from '../src/hub-url.ts';

const hub = 'https://core.broadsoftlabs.com';
const check = suite('hub-url · checkHubUrl');

/** The table of §12. */
const vectors: readonly [value: string, expected: 'accept' | HubUrlReason][] = [
  ['https://core.broadsoftlabs.com', 'accept'],
  ['https://core.broadsoftlabs.com/', 'accept'],
  ['HTTPS://CORE.broadsoftlabs.com', 'accept'],
  ['https://core.broadsoftlabs.com:443', 'accept'],
  ['https://core.broadsoftlabs.com:0443', 'accept'],
  ['https://core.broadsoftlabs.com:8443', 'hub-untrusted'],
  ['https:core.broadsoftlabs.com', 'hub-url-malformed'],
  ['https:\\\\core.broadsoftlabs.com', 'hub-url-malformed'],
  ['https://core.broadsoftlabs.com\\@evil.example', 'hub-url-malformed'],
  ['https://core.broadsoftlabs.com#@evil.example', 'hub-url-malformed'],
  ['https://core.broadsoftlabs.com?x=1', 'hub-url-malformed'],
  ['https://core.broadsoftlabs.com/v1', 'hub-url-malformed'],
];

for (const [value, expected] of vectors) {
  check(`${value}: ${expected} (§12)`, () => {
    const result = checkHubUrl([value], { hubs: [hub] });
    assert.equal(result, expected === 'accept' ? { ok: true, hub } : { ok: false, reason: expected });
  });
}

check('wants exactly one value', () => {
  const reasonOf = (values: string[]) => {
    const result = checkHubUrl(values, { hubs: [hub] });
    return result.ok ? 'accept' : result.reason;
  };
  assert.is(reasonOf([]), 'hub-url-missing');
  assert.is(reasonOf(['']), 'hub-url-missing');
  assert.is(reasonOf([hub, hub]), 'hub-url-repeated');
  assert.is(reasonOf([hub, '']), 'hub-url-repeated');
});

check('tells several trusted Hubs apart', () => {
  const hubs = [hub, 'https://hub-sandbox.broadsoftlabs.com:8443'];
  assert.equal(checkHubUrl(['https://hub-sandbox.broadsoftlabs.com:8443/'], { hubs }), { ok: true, hub: hubs[1] });
  assert.equal(checkHubUrl(['https://hub-sandbox.broadsoftlabs.com'], { hubs }), {
    ok: false,
    reason: 'hub-untrusted',
  });
});

check('takes a loopback emulator only where that is allowed and listed', () => {
  const emulator = 'http://127.0.0.1:4000';
  assert.equal(checkHubUrl([emulator], { hubs: [emulator] }), { ok: false, reason: 'hub-url-malformed' });
  assert.equal(checkHubUrl([emulator], { hubs: [emulator], allowInsecureLoopback: true }), { ok: true, hub: emulator });
  assert.equal(checkHubUrl(['http://127.0.0.1:4001'], { hubs: [emulator], allowInsecureLoopback: true }), {
    ok: false,
    reason: 'hub-untrusted',
  });
});

check.run();

const properties = suite('hub-url · properties');
const fragments = fc.constantFrom(
  ...[
    'https://',
    'http://',
    '//',
    'core.broadsoftlabs.com',
    '.evil.example',
    '@',
    ':443',
    ':8443',
    '/',
    '\\',
    '?',
    '#',
  ],
  ...['%2e', '。', '\t', '\n', ' ', 'blob:', 'javascript:', '..', '[::1]', 'CORE', '[', ']', 'е'],
);

properties('never throws, and accepts nothing that does not lead to a listed origin', () =>
  property(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.webUrl(),
          fc.array(fragments).map((parts) => parts.join('')),
        ),
      ),
      (values) => {
        const result = checkHubUrl(values, { hubs: [hub] });
        if (!result.ok) return;
        assert.is(result.hub, hub);
        assert.is(values.length, 1);
        assert.match(values[0] ?? '', /^https:\/\/core\.broadsoftlabs\.com(:0*443)?\/?$/i);
      },
    ),
    { runs: 2000 },
  ),
);

properties.run();

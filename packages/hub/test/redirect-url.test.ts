import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkRedirectUrl } from '../src/redirect-url.ts';

const hub = 'https://core.broadsoftlabs.com';
const redirectOrigins = ['https://client.example'];
const check = suite('redirect-url · checkRedirectUrl');

const vectors: readonly [value: string, expected: string | undefined][] = [
  ['https://core.broadsoftlabs.com/linked', 'https://core.broadsoftlabs.com/linked'],
  ['/linked?ok=1#done', 'https://core.broadsoftlabs.com/linked?ok=1#done'],
  ['linked', 'https://core.broadsoftlabs.com/linked'],
  ['https://client.example/x', 'https://client.example/x'],
  ['https://evil.example/linked', undefined],
  ['//evil.example', undefined],
  ['///evil.example', undefined],
  ['\\\\evil.example', undefined],
  ['javascript:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['blob:https://core.broadsoftlabs.com/x', undefined],
  ['http://core.broadsoftlabs.com/linked', undefined],
  ['https://user@core.broadsoftlabs.com/', undefined],
  ['https://core.broadsoftlabs.com@evil.example', undefined],
  ['https://core.broadsoftlabs.com:8443/', undefined],
  ['https://core.broadsoftlabs.com/\r\nset-cookie: a=b', undefined],
  [' https://core.broadsoftlabs.com/', undefined],
  ['', undefined],
  ['https://', undefined],
];

for (const [value, expected] of vectors) {
  check(`${JSON.stringify(value)}: ${expected ?? 'refused'}`, () =>
    assert.is(checkRedirectUrl(value, { hub, redirectOrigins }), expected),
  );
}

check('follows a loopback emulator only where that is allowed', () => {
  const emulator = 'http://127.0.0.1:4000';
  assert.is(checkRedirectUrl('/hub/linked', { hub: emulator, redirectOrigins: [] }), undefined);
  assert.is(
    checkRedirectUrl('/hub/linked', { hub: emulator, redirectOrigins: [], allowInsecureLoopback: true }),
    'http://127.0.0.1:4000/hub/linked',
  );
});

check('never throws and never leaves the listed origins', () =>
  property(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.webPath()), (value) => {
      const url = checkRedirectUrl(value, { hub, redirectOrigins });
      if (url !== undefined) assert.ok([hub, ...redirectOrigins].includes(new URL(url).origin));
    }),
  ),
);

check.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSecureUrl, isUnambiguousUrl, parseOrigin } from '../src/origin.ts';

const parse = suite('origin · parseOrigin');

const origins: readonly [text: string, origin: string | undefined][] = [
  ['https://hub.example', 'https://hub.example'],
  ['https://hub.example/', 'https://hub.example'],
  ['HTTPS://HUB.example:443', 'https://hub.example'],
  ['https://hub.example:8443', 'https://hub.example:8443'],
  ['https://hub.example/.', undefined],
  ['https://hub.example/%2e', undefined],
  ['https://hub.example//', undefined],
  ['https://hub.example?', undefined],
  ['https://hub.example#', undefined],
  ['https://user@hub.example', undefined],
  ['https://@hub.example', 'https://hub.example'],
  ['https://hub.example:99999', undefined],
  ['https://', undefined],
  ['https:///hub.example', undefined],
  ['http://127.0.0.1:80', undefined],
  ['http://127.0.0.1:8080', undefined],
  ['ftp://hub.example', undefined],
  ['blob:https://hub.example', undefined],
];

for (const [text, origin] of origins) {
  parse(`reads ${text} as ${origin ?? 'no origin'}`, () => assert.is(parseOrigin(text), origin));
}

const loopback: readonly [text: string, origin: string | undefined][] = [
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://localhost:8080/', 'http://localhost:8080'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['http://127.0.0.1', undefined],
  ['http://127.0.0.2:8080', undefined],
  ['http://localhost.evil.example:8080', undefined],
  ['http://core.broadsoftlabs.com:8080', undefined],
  ['https://hub.example', 'https://hub.example'],
];

for (const [text, origin] of loopback) {
  parse(`reads ${text} as ${origin ?? 'no origin'} where loopback is allowed`, () =>
    assert.is(parseOrigin(text, { allowInsecureLoopback: true }), origin),
  );
}

parse.run();

const rules = suite('origin · isUnambiguousUrl, isSecureUrl');

rules('takes printable ASCII up to 2,048 characters', () => {
  assert.ok(isUnambiguousUrl('x'.repeat(2048)));
  assert.not(isUnambiguousUrl('x'.repeat(2049)));
  for (const sign of [' ', '\t', '\n', '\r', '\\', '\x7f', 'é', '。', 'ｅ']) assert.not(isUnambiguousUrl(`a${sign}b`));
  for (const sign of ['!', '~', '[', ']', '/', '@']) assert.ok(isUnambiguousUrl(`a${sign}b`));
});

rules('takes plain http only on loopback with a port, and only when told', () => {
  assert.ok(isSecureUrl(new URL('https://hub.example')));
  assert.not(isSecureUrl(new URL('http://localhost:1')));
  assert.ok(isSecureUrl(new URL('http://localhost:1'), { allowInsecureLoopback: true }));
  assert.not(isSecureUrl(new URL('http://hub.example:1'), { allowInsecureLoopback: true }));
});

rules.run();

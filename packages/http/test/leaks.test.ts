import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as emulator from '../src/emulator/index.ts';
import * as events from '../src/events.ts';
import * as http from '../src/index.ts';
import * as options from '../src/options/index.ts';
import * as server from '../src/server/index.ts';
import { leakCases } from './leaks/cases.ts';
import { formsOf, leaksIn, printedForms } from './leaks/forms.ts';
import { runLeakCase, secrets } from './leaks/kit.ts';

const leaks = suite('leaks');

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
process.on('unhandledRejection', note);

for (const one of leakCases) {
  leaks(`nothing shows: ${one.name}, ${one.expected}`, async () => {
    const { seen, leaks: found } = await runLeakCase({ http, emulator, events, options, server }, one);
    assert.equal(found, []);
    assert.is(seen, one.expected);
  });
}

leaks('every code of this package is among them', () => {
  const codes: Record<http.HttpErrorCode, true> = {
    'http.network': true,
    'http.timeout': true,
    'http.aborted': true,
    'http.unauthorized': true,
    'http.forbidden': true,
    'http.not-found': true,
    'http.conflict': true,
    'http.rate-limited': true,
    'http.rejected': true,
    'http.server': true,
    'http.contract-broken': true,
    'credential.refused': true,
    'credential.expired': true,
    'credential.revoked': true,
    'credential.superseded': true,
    'credential.renewal-failed': true,
  };
  const seen = new Set(leakCases.map(({ expected }) => expected));
  assert.equal(
    Object.keys(codes).filter((code) => !seen.has(code)),
    [],
  );
});

leaks('nothing of it ends as a rejection that nobody handles', async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  assert.equal(unhandled, []);
});

leaks.run();

const detector = suite('leaks · what they are looked for with');

for (const [place, marker] of Object.entries(secrets)) {
  detector(`finds ${place} in whatever form, and in no other secret`, () => {
    for (const form of formsOf(marker)) assert.ok(leaksIn([`before ${form} after`], marker).length > 0, form);
    const others = Object.values(secrets).filter((other) => other !== marker);
    assert.equal(leaksIn(others.flatMap(formsOf), marker), []);
  });
}

for (const before of ['', 'a', 'ab', 'user:', 'a longer user:']) {
  detector(`finds a secret within Basic, behind ${JSON.stringify(before)}`, () => {
    assert.ok(leaksIn([btoa(`${before}${secrets.credential}:and more`)], secrets.credential).length > 0);
  });
}

const hiding: readonly [name: string, make: (secret: string) => unknown][] = [
  ['the message', (secret) => new Error(secret)],
  ['the name', (secret) => Object.assign(new Error('x'), { name: secret })],
  ['a property', (secret) => Object.assign(new Error('x'), { a: { b: { c: { d: { e: secret } } } } })],
  ['a hidden property', (secret) => Object.defineProperty(new Error('x'), 'hidden', { value: { secret } })],
  ['the cause of the cause', (secret) => new Error('x', { cause: new Error('y', { cause: { secret } }) })],
  ['bytes', (secret) => Object.assign(new Error('x'), { body: new TextEncoder().encode(secret) })],
  ['a map', (secret) => Object.assign(new Error('x'), { fields: new Map([['a', secret]]) })],
  ['header fields', (secret) => Object.assign(new Error('x'), { headers: new Headers({ a: secret }) })],
  ['what is thrown', (secret) => secret],
];
for (const [name, make] of hiding) {
  detector(`finds a secret in ${name}`, () => {
    assert.ok(leaksIn(printedForms(make(secrets.credential)), secrets.credential).length > 0);
  });
}

detector.run();

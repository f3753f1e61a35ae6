import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertNoDocument } from '../src/no-document.ts';

const refuse = suite('quickblox · assertNoDocument');

refuse('lets servers and workers pass', () => {
  assert.not.throws(() => assertNoDocument());
  assert.not.throws(() => assertNoDocument({ self: {}, navigator: {} }));
});

for (const name of ['window', 'document']) {
  refuse(`refuses where there is a ${name}`, () => {
    assert.throws(
      () => assertNoDocument({ [name]: {} }),
      (error: Error) => error instanceof TypeError && error.message.includes(`where there is a ${name}`),
    );
  });
}

refuse('keeps createQuickBlox from holding an API key in a page, and from nothing else', () => {
  // a process of its own: tests share their global object
  const script = `
    const { createQuickBlox } = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)});
    const keys = { applicationId: 1, authKey: 'key', authSecret: 'secret' };
    const early = createQuickBlox({ ...keys, apiKey: 'marker' });
    globalThis.document = {};
    createQuickBlox(keys).session();
    try { early.server(); } catch (error) { console.log(error.name, error.message); }
    try { createQuickBlox({ ...keys, apiKey: 'marker' }); } catch (error) { console.log(error.name, error.message); }
  `;
  const told = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  assert.is(told.match(/^TypeError apiKey must not be used where there is a document/gm)?.length, 2);
  assert.not.match(told, /marker/);
});

refuse.run();

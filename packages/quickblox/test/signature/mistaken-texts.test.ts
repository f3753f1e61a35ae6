import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mistakenTexts } from '../../src/signature/mistaken-texts.ts';
import { readReceived } from '../../src/signature/received.ts';

const texts = suite('quickblox · mistakenTexts');

texts('end after some megabytes for the largest body that is read', () => {
  const sent = Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`p${index}[a]`, 'v'.repeat(500)]));
  const read = readReceived(sent);
  assert.ok(read.ok);
  const written = [...mistakenTexts(read.received, 'secret')];
  const alone = written.filter(({ mistakes }) => mistakes.length < 2);
  const unsigned = alone.filter(({ mistakes: [first] }) => first?.mistake === 'parameter-unsigned');
  assert.is(unsigned.length, 32, 'every single mistake is tried');
  assert.ok(written.length > alone.length);
  const characters = written.reduce((sum, { text }) => sum + text.length, 0);
  assert.ok(characters < 6_000_000, `${characters} characters`);
});

texts.run();

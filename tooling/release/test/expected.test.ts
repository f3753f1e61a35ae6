import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertSame, openExpectations } from '../src/expected.ts';

const expected = suite('expected');

expected('lists are the same or the difference is told', () => {
  assertSame('The files', ['a', 'b'], ['a', 'b']);
  assert.throws(
    () => assertSame('The files', ['a', 'c'], ['a', 'b'], 'Do this.'),
    /differ[^+]*\n\+ c\n- b\nDo this\.$/,
  );
  assert.throws(() => assertSame('The files', ['a', 'a'], ['a']), /The files differ/);
  assert.throws(() => assertSame('The files', ['a']), /\+ a/);
});

expected('what is written is what is compared with next time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'x-expected-'));
  try {
    const file = join(folder, 'expected.json');
    const writing = openExpectations('write', file);
    writing.compare('hub', 'holds', ['README.md']);
    writing.compare('hub', 'arrives', ['@x/hub']);
    assert.throws(() => writing.compare('hub', 'arrives', ['@x/hub', 'ky']), /The packages that arrive with hub/);
    writing.compare('crypto', 'holds', ['LICENSE']);
    writing.save();
    assert.equal(JSON.parse(readFileSync(file, 'utf8')), {
      crypto: { holds: ['LICENSE'] },
      hub: { arrives: ['@x/hub'], holds: ['README.md'] },
    });

    const comparing = openExpectations('compare', file);
    comparing.compare('hub', 'arrives', ['@x/hub']);
    assert.throws(() => comparing.compare('hub', 'holds', ['README.md', '.env']), /The files of hub.*\n\+ \.env/);
    assert.throws(() => comparing.compare('nexudus', 'arrives', ['@x/nexudus']), /\+ @x\/nexudus\nIf that is meant/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

expected.run();

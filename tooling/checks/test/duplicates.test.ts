import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nearDuplicates } from '../src/duplicates.ts';

const duplicates = suite('duplicates');

const lines = Array.from({ length: 20 }, (_, index) => `const value${index} = read('${index}');`);
const source = `import { read } from './read.ts';\n${lines.join('\n')}\n`;

duplicates('of another package are found though names of imports and comments differ', () => {
  const copy = source.replace('./read.ts', './other.ts').replace('const value3', '// why\n  const value3');
  assert.match(
    nearDuplicates(
      new Map([
        ['packages/a/src/x.ts', source],
        ['packages/b/src/y.ts', copy],
      ]),
    ).join(),
    /packages\/a\/src\/x\.ts and packages\/b\/src\/y\.ts are nearly the same \(15 of 15/,
  );
});

duplicates('with a line changed here and there are found too', () => {
  const copy = source.replace('value0 ', 'first ').replace('value19 ', 'last ');
  assert.is(
    nearDuplicates(
      new Map([
        ['packages/a/src/x.ts', source],
        ['packages/b/src/y.ts', copy],
      ]),
    ).length,
    1,
  );
});

duplicates('are not what shares a few lines, nor what is in one package', () => {
  const other = `${lines.slice(0, 8).join('\n')}\n${lines
    .slice(8)
    .map((line) => line.replace('value', 'other'))
    .join('\n')}`;
  assert.equal(
    nearDuplicates(
      new Map([
        ['packages/a/src/x.ts', source],
        ['packages/b/src/y.ts', other],
      ]),
    ),
    [],
  );
  assert.equal(
    nearDuplicates(
      new Map([
        ['packages/a/src/x.ts', source],
        ['packages/a/src/y.ts', source],
      ]),
    ),
    [],
  );
});

duplicates.run();

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What one package is. */
interface Expected {
  /** Names of all packages that an installation of it alone brings. */
  readonly arrives?: readonly string[];
  /** Files of its tarball. */
  readonly holds?: readonly string[];
}

/** The committed lists, compared with what is seen or written anew. */
export interface Expectations {
  /** Compares a list of a package; where the lists are written anew, it becomes the one expected. */
  compare(name: string, kind: keyof Expected, seen: readonly string[]): void;
  /** Writes the lists down, if that is what they were opened for. */
  save(): void;
}

const committed = fileURLToPath(new URL('../expected.json', import.meta.url));

/** Opens the lists: to compare, or to write them anew as `pnpm rehearsal --update` does. */
export function openExpectations(purpose: 'compare' | 'write', file: string = committed): Expectations {
  const expected: Record<string, Expected> = purpose === 'write' ? {} : JSON.parse(readFileSync(file, 'utf8'));
  return {
    compare(name, kind, seen) {
      if (purpose === 'write') expected[name] = { [kind]: [...seen], ...expected[name] };
      const what = kind === 'arrives' ? `The packages that arrive with ${name}` : `The files of ${name}`;
      const hint = 'If that is meant: pnpm rehearsal --update, and commit tooling/release/expected.json';
      assertSame(what, seen, expected[name]?.[kind], hint);
    },
    save() {
      if (purpose === 'compare') return;
      const sorted = Object.entries(expected).sort(([one], [other]) => (one < other ? -1 : 1));
      writeFileSync(file, formatted(Object.fromEntries(sorted)));
    },
  };
}

/** As the formatter leaves it: a list that fits into a line is on one. */
function formatted(value: object): string {
  const text = JSON.stringify(value, null, 2).replaceAll(/"\w+": \[\n[^\]]*\]/g, (list) => {
    const line = list.replaceAll(/\n\s*/g, ' ').replace('[ ', '[').replace(/ \]$/, ']');
    return line.length + '    ,'.length <= 120 ? line : list;
  });
  return `${text}\n`;
}

/** Compares two lists; the error says what came and what is gone, and what to do about it. */
export function assertSame(
  what: string,
  seen: readonly string[],
  expected: readonly string[] = [],
  hint: string = '',
): void {
  const came = seen.filter((item) => !expected.includes(item));
  const gone = expected.filter((item) => !seen.includes(item));
  if (came.length === 0 && gone.length === 0 && seen.length === expected.length) return;
  const lines = [...came.map((item) => `+ ${item}`), ...gone.map((item) => `- ${item}`), hint];
  throw new Error([`${what} differ from what is expected:`, ...lines].join('\n').trim());
}

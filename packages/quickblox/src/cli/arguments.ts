import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { usageError } from './usage.ts';

/** What stands on a command line. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** The value of an option; the last one where it is given twice. */
  text(name: string): string | undefined;
  /** All values of an option. */
  texts(name: string): readonly string[];
  has(name: string): boolean;
  /** A whole number, from 0 unless it is said. @throws For anything else. */
  integer(name: string, sign?: 'signed'): number | undefined;
  /** One of a few words. @throws For any other. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined;
}

const everywhere: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } };

/**
 * Reads a command line.
 *
 * @param texts Options with a value.
 * @param flags Options without one, besides `--help` and `--json`.
 * @throws For an unknown option, or one without its value. Values are not shown.
 */
export function readArguments(
  argv: readonly string[],
  texts: readonly string[],
  flags: readonly string[] = [],
): Arguments {
  const options: ParseArgsOptionsConfig = {
    ...everywhere,
    ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' } as const])),
    ...Object.fromEntries(texts.map((name) => [name, { type: 'string', multiple: true } as const])),
  };
  const { values, positionals } = parse(joinNegative(argv, texts), options);
  const all = (name: string): readonly string[] => (values[name] ?? []) as string[];
  const last = (name: string): string | undefined => all(name).at(-1);
  return {
    positionals,
    texts: all,
    text: last,
    has: (name) => values[name] === true,
    integer(name, sign) {
      const text = last(name);
      if (text === undefined) return undefined;
      if (!(sign === 'signed' ? /^-?\d{1,12}$/ : /^\d{1,12}$/).test(text))
        throw usageError(`--${name} must be a whole number.`);
      return Number(text);
    },
    choice(name, choices) {
      const text = last(name);
      const found = choices.find((one) => one === text);
      if (text !== undefined && found === undefined) throw usageError(`--${name} must be ${choices.join(' or ')}.`);
      return found;
    },
  };
}

/** `--skew -100` means `--skew=-100`; the platform takes `-100` for options of one letter. */
function joinNegative(argv: readonly string[], texts: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of argv) {
    const option = joined.at(-1) ?? '';
    const isValue = /^-\d/.test(argument) && option.startsWith('--') && texts.includes(option.slice(2));
    if (isValue) joined.pop();
    joined.push(isValue ? `${option}=${argument}` : argument);
  }
  return joined;
}

function parse(argv: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    // the platform's sentence may quote a value
    const isUnknown = (error as { code?: string }).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
    throw usageError(
      isUnknown
        ? 'There is an option that this command does not know.'
        : 'An option lacks its value, or has one that it does not take.',
    );
  }
}

import { env } from 'node:process';

/** The settings of Stryker for one source file. */
export interface MutationSettings {
  readonly commandRunner: { readonly command: string };
  readonly mutate: readonly string[];
  readonly checkers: readonly string[];
  readonly tsconfigFile: string;
  readonly concurrency: number;
  readonly reporters: readonly string[];
  readonly jsonReporter: { readonly fileName: string };
  readonly tempDirName: string;
  readonly cleanTempDir: 'always';
}

/**
 * Sets mutation testing up for the file that the environment names: `MUTATE=retry pnpm mutation`. A file at a time,
 * because all of a package's tests for each mutant of it would need hours.
 *
 * @param tests Which tests answer for each file of `src`, as `x-test` is told them.
 * @param name The file, without folder `src` and ending; default `MUTATE`, else the first of the table: other tools read
 *   these settings and name none.
 * @throws {Error} For a name that is not in the table; the message lists those that are.
 */
export function mutateOne(
  tests: Readonly<Record<string, string>>,
  name: string | undefined = env['MUTATE'] ?? Object.keys(tests)[0],
): MutationSettings {
  if (name === undefined || !Object.hasOwn(tests, name)) {
    throw new Error(`MUTATE must be one of ${Object.keys(tests).join(', ')}, got ${name}`);
  }
  return {
    commandRunner: { command: `x-test ${tests[name]}` },
    mutate: [`src/${name}.ts`],
    checkers: [],
    tsconfigFile: 'none.json', // the tests run the sources as they are
    concurrency: 2,
    reporters: ['clear-text', 'json'],
    jsonReporter: { fileName: `.stryker/${name.replaceAll('/', '-')}.json` },
    tempDirName: '.stryker/tmp',
    cleanTempDir: 'always',
  };
}

/** Looks at something and tells what is wrong with it, one text for each. */
export type Check = () => readonly string[] | Promise<readonly string[]>;

/**
 * Runs checks one after another and tells of each how it went, how long it took, and what to correct.
 *
 * A check that throws has failed, with what it threw as the reason.
 *
 * @returns How many failed.
 * @throws {TypeError} For a name that is no check.
 */
export async function runChecks(
  checks: Readonly<Record<string, Check>>,
  names: readonly string[],
  tell: (line: string) => void,
): Promise<number> {
  const unknown = names.find((name) => checks[name] === undefined);
  if (unknown !== undefined) {
    throw new TypeError(`there is no check ${unknown}; there are ${Object.keys(checks).join(', ')}`);
  }
  let failed = 0;
  for (const name of names) {
    const startMs = performance.now();
    const violations = await violationsOf(checks[name]);
    if (violations.length > 0) failed += 1;
    const verdict = violations.length === 0 ? 'ok' : `${violations.length} to correct`;
    tell(`  ${name.padEnd(14)} ${verdict.padEnd(16)} ${(performance.now() - startMs).toFixed(0).padStart(6)} ms`);
    for (const violation of violations) tell(`      ${violation}`);
  }
  tell(`\n${names.length - failed} checks passed, ${failed} failed`);
  return failed;
}

async function violationsOf(check: Check | undefined): Promise<readonly string[]> {
  try {
    return (await check?.()) ?? [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

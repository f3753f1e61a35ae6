import { checks } from './suite.ts';

/** What one runtime made of the suite. */
export interface SuiteResult {
  readonly passed: number;
  readonly failures: readonly string[];
}

/** Runs every check. */
export function runSuite(): SuiteResult {
  const failures: string[] = [];
  for (const { name, run } of checks) {
    try {
      run();
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { passed: checks.length - failures.length, failures };
}

/** What a runtime prints before the result, so that it is found among a runtime's own words. */
export const resultMark = 'x-runtimes-result:';

import { ContractError, type ContractIssue } from './errors.ts';
import { issuePath } from './issue-path.ts';
import type { StandardIssue, StandardSchema } from './standard-schema.ts';

/**
 * Validates a value that a provider sent.
 *
 * @param options `what` names the value in the error, for example `the session`.
 * @returns The value as the schema gives it.
 * @throws {ContractError} `http.contract-broken`, with paths and expectations and never a value.
 * @throws {TypeError} When the schema is asynchronous.
 */
export function parse<Output>(
  schema: StandardSchema<Output>,
  value: unknown,
  options: { readonly provider: string; readonly what: string },
): Output {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) throw new TypeError(`the schema of ${options.what} must be synchronous`);
  if (result.issues === undefined) return result.value;
  throw contractError(result.issues, options);
}

/** Turns the findings of a schema into an error that tells paths and expectations only. */
export function contractError(
  issues: readonly StandardIssue[],
  { provider, what }: { readonly provider: string; readonly what: string },
): ContractError {
  const told = issues.slice(0, 20).map(toContractIssue);
  const text = told.map(({ path, expected }) => `${path === '' ? 'the whole' : path}: expected ${expected}`).join('; ');
  return new ContractError({ provider, issues: told, message: `${what} is not as documented: ${text}` });
}

function toContractIssue(issue: StandardIssue): ContractIssue {
  const { expected } = issue as { expected?: unknown };
  return {
    path: issuePath(issue),
    expected: typeof expected === 'string' ? expected.slice(0, 200) : 'what its schema allows',
  };
}

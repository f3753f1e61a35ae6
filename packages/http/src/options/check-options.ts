import { issuePath } from '../issue-path.ts';
import type { StandardIssue, StandardSchema } from '../standard-schema.ts';

/** What valibot calls findings about size; where it has no check, a schema reports a wrong size with `rawCheck`. */
const sizeChecks: ReadonlySet<unknown> = new Set(['integer', 'min_value', 'max_value', 'raw_check']);

/** What a finding of valibot holds besides; other libraries leave it out. */
interface Details {
  readonly type?: unknown;
  readonly expected?: unknown;
  readonly input?: unknown;
}

/**
 * Checks options against a schema, once, where they are handed in.
 *
 * Messages of the schema are shown after the option's name, as `deadlineMs must be a whole number`. So each must begin
 * with a verb and must not quote the value, which may be a secret. An option that is missing or unknown, and options
 * that are no object, are told without the schema's message.
 *
 * @param schema Gives the defaults and transformations as well. Must be synchronous.
 * @returns The options as the schema gives them.
 * @throws {TypeError} Naming the first option that is missing, unknown or of the wrong kind, as `apps[0].name`.
 * @throws {RangeError} Naming the first option that is too small, too large or not whole.
 */
export function checkOptions<Output>(schema: StandardSchema<Output>, options: unknown): Output {
  const result = schema['~standard'].validate(options);
  if (result instanceof Promise) throw new TypeError('the schema of options must be synchronous');
  if (result.issues === undefined) return result.value;
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  const [issue = { message: 'must be as documented' }] = result.issues;
  throw toError(issue);
}

function toError(issue: StandardIssue): TypeError | RangeError {
  const { type, expected, input } = issue as Details;
  const name = issuePath(issue) || 'options';
  if (expected === 'never') return new TypeError(`${name} is no option`);
  if (Object.hasOwn(issue, 'input') && input === undefined) return new TypeError(`${name} is missing`);
  const text = `${name} ${issue.message}`;
  return sizeChecks.has(type) ? new RangeError(text) : new TypeError(text);
}

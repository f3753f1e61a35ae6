import { type Secret, toSecret } from '@x/crypto';
import * as v from 'valibot';

const rangeChecks: ReadonlySet<string> = new Set(['integer', 'min_value', 'max_value', 'raw_check']);

/**
 * Checks options against a schema whose messages say what is expected.
 *
 * @throws {TypeError} Naming an option that is missing, unknown or of the wrong kind; its value is never shown.
 * @throws {RangeError} Naming an option that is too small, too large or too short.
 */
export function checkOptions<Output>(schema: v.GenericSchema<unknown, Output>, options: unknown): Output {
  const result = v.safeParse(schema, options);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  if (path === null) throw new TypeError('options must be an object');
  if (issue.expected === 'never') throw new TypeError(`${path} is no option`);
  const text = `${path} ${issue.input === undefined ? 'is missing' : issue.message}`;
  throw rangeChecks.has(issue.type) ? new RangeError(text) : new TypeError(text);
}

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number): v.GenericSchema<unknown, number> {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.unknown(), v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

/** Text that is not empty. */
export function text(): v.GenericSchema<unknown, string> {
  const message = 'must be text that is not empty';
  return v.pipe(v.unknown(), v.string(message), v.nonEmpty(message));
}

/** One text, or a list of at least one, as a list. */
export function oneOrMoreTexts(): v.GenericSchema<unknown, readonly string[]> {
  return v.pipe(
    v.unknown(),
    v.transform((value): unknown => (Array.isArray(value) ? value : [value])),
    v.custom<readonly string[]>(isListOfTexts, 'must be text or a list of texts, and not be empty'),
  );
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one !== '');
}

/** A function. */
export function callable<Callable>(): v.GenericSchema<unknown, Callable> {
  return v.custom<Callable>((value) => typeof value === 'function', 'must be a function');
}

/** A secret, wrapped. @param minLength Characters at least. */
export function secret(minLength: number): v.GenericSchema<unknown, Secret> {
  return v.pipe(
    v.custom<string | Secret>(isSecretText, 'must be well-formed text that is not empty, or a Secret'),
    v.transform(toSecret),
    v.rawCheck(({ dataset, addIssue }) => {
      const isShort = dataset.typed && [...dataset.value.reveal()].length < minLength;
      if (isShort) addIssue({ message: `must have at least ${minLength} characters` });
    }),
  );
}

function isSecretText(value: unknown): boolean {
  try {
    toSecret(value as string | Secret);
    return true;
  } catch {
    return false;
  }
}

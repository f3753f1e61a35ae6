import { type Secret, toSecret } from '@x/crypto';
import { isSecretText, isSecureUrl, isTrimmedSecret, isVisibleSecretText } from '@x/http/options';
import * as v from 'valibot';

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

/** A URL that tokens and keys may travel to, as text. */
export function secureUrl(): v.GenericSchema<unknown, string> {
  return v.pipe(
    v.unknown(),
    v.check(isSecureUrl, 'must be an https: URL, or http: on loopback, without user info and fragment'),
    v.transform((value) => new URL(String(value)).href),
  );
}

/** A function. */
export function callable<Callable>(): v.GenericSchema<unknown, Callable> {
  return v.custom<Callable>((value) => typeof value === 'function', 'must be a function');
}

/** A secret, wrapped. @param minLength Characters at least. */
export function secret(minLength: number): v.GenericSchema<unknown, Secret> {
  return v.pipe(
    v.custom<string | Secret>(isSecretText, 'must be well-formed text that is not empty, or a Secret'),
    v.check(isTrimmedSecret, 'must not begin or end with white space'),
    v.transform(toSecret),
    v.rawCheck(({ dataset, addIssue }) => {
      const isShort = dataset.typed && [...dataset.value.reveal()].length < minLength;
      if (isShort) addIssue({ message: `must have at least ${minLength} characters` });
    }),
  );
}

/** A secret that a header field takes as it is, wrapped. */
export function visibleSecret(): v.GenericSchema<unknown, Secret> {
  return v.pipe(
    v.custom<string | Secret>(isVisibleSecretText, 'must be visible ASCII, or a Secret of it'),
    v.transform(toSecret),
  );
}

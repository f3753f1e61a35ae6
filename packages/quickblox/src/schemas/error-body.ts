import * as v from 'valibot';

/** Every shape of error body that QuickBlox has been seen to send, and what lies between them. */
export type ErrorBodyWire =
  | { readonly errors: ErrorTextsWire }
  | { readonly code?: unknown; readonly message: ErrorTextsWire };

/** Text, mostly in a list or by field; what is neither is passed over. */
export type ErrorTextsWire = string | unknown[] | Record<string, unknown>;

/** Error texts by field; those that concern no field stand under `base`. */
export type ErrorTexts = Readonly<Record<string, readonly string[]>>;

const Texts: v.GenericSchema<ErrorTextsWire, ErrorTexts> = v.pipe(
  v.union([v.string(), v.array(v.unknown()), v.record(v.string(), v.unknown())]),
  v.transform((given) =>
    typeof given === 'string' || Array.isArray(given)
      ? { base: textsOf(given) }
      : Object.fromEntries(Object.entries(given).map(([field, value]) => [field, textsOf(value)])),
  ),
);

/** Reads the body of a failed answer: all texts in it. @see QuickBlox fact sheet §6.2. */
export const ErrorBody: v.GenericSchema<ErrorBodyWire, ErrorTexts> = v.union([
  v.pipe(
    v.object({ errors: Texts }),
    v.transform(({ errors }) => errors),
  ),
  v.pipe(
    v.object({ code: v.optional(v.unknown()), message: Texts }),
    v.transform(({ message }) => message),
  ),
]);

/** Custom identity providers put texts where they like; one odd member must not hide the others. */
function textsOf(value: unknown, depth = 3): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.values(value).flatMap((member) => textsOf(member, depth - 1));
}

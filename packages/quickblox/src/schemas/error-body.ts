import * as v from 'valibot';

/** Every shape of error body that QuickBlox has been seen to send. */
export type ErrorBodyWire =
  | { readonly errors: string | string[] | Record<string, string | string[]> }
  | { readonly code?: unknown; readonly message: string };

/** Error texts by field; those that concern no field stand under `base`. */
export type ErrorTexts = Readonly<Record<string, readonly string[]>>;

const Texts = v.union([
  v.pipe(
    v.string(),
    v.transform((text) => [text]),
  ),
  v.array(v.string()),
]);

const Errors = v.pipe(
  v.object({ errors: v.union([Texts, v.record(v.string(), Texts)]) }),
  v.transform(({ errors }): ErrorTexts => (Array.isArray(errors) ? { base: errors } : errors)),
);

const CodeAndMessage = v.pipe(
  v.object({ code: v.optional(v.unknown()), message: v.string() }),
  v.transform(({ message }): ErrorTexts => ({ base: [message] })),
);

/** Reads the body of a failed answer. @see QuickBlox fact sheet §6.2. */
export const ErrorBody: v.GenericSchema<ErrorBodyWire, ErrorTexts> = v.union([Errors, CodeAndMessage]);

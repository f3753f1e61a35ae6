import * as v from 'valibot';

/** What HubRise said of a failure, from either of its two servers. */
export interface HubRiseFault {
  /** `error_type` of the API or `error` of the OAuth server, for example `unprocessable_entity`. */
  readonly type: string | undefined;
  /** HubRise's text for people. It may quote what was sent. */
  readonly message: string | undefined;
  /** What is wrong with which field; empty unless a validation failed. */
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

const maxTextLength = 500;

const Text = v.fallback(v.optional(v.pipe(v.string(), v.transform(shorten))), undefined);
const FieldError = v.object({ field: v.string(), message: v.string() });

/** Every shape in which the two servers have been seen to fail, each member on its own. */
const FaultBody = v.object({
  error_type: Text,
  error: Text,
  error_description: Text,
  message: Text,
  errors: v.fallback(v.optional(v.array(v.fallback(v.nullable(FieldError), null)), []), []),
});

/**
 * Reads what it can from an error body. The OAuth server's bodies are not documented and may not even be JSON.
 *
 * @see HubRise fact sheet §6.3, §11.2.
 */
export function readFault(body: string): HubRiseFault {
  const parsed = v.safeParse(FaultBody, parseJson(body));
  if (!parsed.success) return { type: undefined, message: undefined, errors: [] };
  const { error_type, error, error_description, message, errors } = parsed.output;
  return {
    type: error_type ?? error,
    message: error_description ?? message ?? error,
    errors: errors.filter((entry) => entry !== null),
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // an HTML page, say: the status tells enough
  }
}

function shorten(text: string): string {
  return text.slice(0, maxTextLength);
}

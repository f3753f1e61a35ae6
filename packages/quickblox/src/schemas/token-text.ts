import * as v from 'valibot';

/**
 * A token's text: opaque, of any length and alphabet that fits into a header field.
 *
 * @see QuickBlox fact sheet §3.4: hex and JWT-like tokens have both been seen.
 */
export const TokenText: v.GenericSchema<string> = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/));

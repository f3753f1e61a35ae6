import * as v from 'valibot';

/** One field that Nexudus did not accept. `AttemptedValue` is left out: it may be a password. */
export interface CommandIssue {
  readonly PropertyName?: string | null | undefined;
  readonly Message?: string | null | undefined;
}

/** What creating, updating, deleting and running a command answer. */
export interface CommandResult {
  /** False is a refusal, also with status 200. */
  readonly WasSuccessful: boolean;
  readonly Status?: number | null | undefined;
  readonly Message?: string | null | undefined;
  /** After a creation `{ Id }`, from older endpoints the whole record. */
  readonly Value?: unknown;
  readonly Errors?: readonly CommandIssue[] | null | undefined;
  /** On the bare host, not under `/api`. */
  readonly RedirectURL?: string | null | undefined;
  readonly UpdatedOn?: string | null | undefined;
  readonly UpdatedBy?: string | null | undefined;
}

const text = v.fallback(v.nullish(v.string()), undefined);

/** An issue is documented as an object; a bare text says as much, and anything else says nothing. */
const issue = v.union([
  v.object({ PropertyName: text, Message: text }),
  v.pipe(
    v.string(),
    v.transform((Message): CommandIssue => ({ Message })),
  ),
  v.pipe(
    v.unknown(),
    v.transform((): CommandIssue => ({})),
  ),
]);

/**
 * Schema of a {@link CommandResult}. Only `WasSuccessful` must be as documented: what else is not counts as absent,
 * because a change that was carried out must not look like one that was not.
 *
 * @see Nexudus fact sheet §7.4.
 */
export const CommandResult: v.GenericSchema<unknown, CommandResult> = v.object({
  WasSuccessful: v.boolean(),
  Status: v.fallback(v.nullish(v.number()), undefined),
  Message: text,
  Value: v.optional(v.unknown()),
  Errors: v.fallback(v.nullish(v.array(issue)), undefined),
  RedirectURL: text,
  UpdatedOn: text,
  UpdatedBy: text,
});

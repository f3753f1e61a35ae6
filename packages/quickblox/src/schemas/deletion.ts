import * as v from 'valibot';

/** Some of the ids that were to be deleted. */
export interface DeletedIds {
  readonly ids: readonly string[];
}

/**
 * What became of each id that was to be deleted: the request as a whole succeeds although some were refused.
 *
 * Members that QuickBlox adds are kept.
 */
export interface Deletion {
  readonly SuccessfullyDeleted?: DeletedIds | null | undefined;
  readonly NotFound?: DeletedIds | null | undefined;
  readonly WrongPermissions?: DeletedIds | null | undefined;
}

const Ids = v.nullish(v.looseObject({ ids: v.array(v.string()) }));

/** Reads the body of a deletion by ids, where there is one. */
export const Deletion: v.GenericSchema<Deletion> = v.looseObject({
  SuccessfullyDeleted: Ids,
  NotFound: Ids,
  WrongPermissions: Ids,
});

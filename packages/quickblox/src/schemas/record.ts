import * as v from 'valibot';
import { type Stretch, stretchOf } from './page.ts';

/** A record of custom objects; the fields of its class stand beside those that every record has. */
export interface CustomRecord {
  readonly _id: string;
  readonly user_id?: number | null | undefined;
  readonly _parent_id?: string | null | undefined;
  /** Unix seconds. */
  readonly created_at?: number | null | undefined;
  readonly updated_at?: number | null | undefined;
  readonly [field: string]: unknown;
}

const Int = v.nullish(v.number());

/** Reads a record. @see QuickBlox fact sheet §8; the members are those of the reference's record model. */
export const CustomRecord: v.GenericSchema<CustomRecord> = v.looseObject({
  _id: v.string(),
  user_id: Int,
  _parent_id: v.nullish(v.string()),
  created_at: Int,
  updated_at: Int,
});

/** Reads the body of `GET` and `PUT by_criteria` of `/data/{class}`. */
export const RecordStretch: v.GenericSchema<Stretch<CustomRecord>> = stretchOf(CustomRecord);

/** Records that were named one by one. */
export interface RecordList {
  readonly items: readonly CustomRecord[];
  /** Those that do not exist, or not for this user. */
  readonly not_found?: { readonly ids: readonly string[] } | null | undefined;
}

/** Reads the body of `/data/{class}/multi.json` and `GET /data/{class}/{ids}.json`; one record comes without a list. */
export const RecordList: v.GenericSchema<RecordList | CustomRecord, RecordList> = v.union([
  v.looseObject({
    items: v.array(CustomRecord),
    not_found: v.nullish(v.looseObject({ ids: v.array(v.string()) })),
  }),
  v.pipe(
    CustomRecord,
    v.transform((record) => ({ items: [record] })),
  ),
]);

/** What a deletion by criteria came to. */
export interface DeletedRecords {
  readonly total_deleted: number;
}

/** Reads the body of `DELETE /data/{class}/by_criteria.json`. */
export const DeletedRecords: v.GenericSchema<DeletedRecords> = v.looseObject({ total_deleted: v.number() });

/** A file in a field of a record. */
export interface RecordFile {
  readonly file_id: string;
  readonly name?: string | null | undefined;
  readonly content_type?: string | null | undefined;
  /** Bytes. */
  readonly size?: number | null | undefined;
}

/** Reads the body of `POST /data/{class}/{id}/file.json`. */
export const RecordFile: v.GenericSchema<RecordFile> = v.looseObject({
  file_id: v.string(),
  name: v.nullish(v.string()),
  content_type: v.nullish(v.string()),
  size: v.nullish(v.number()),
});

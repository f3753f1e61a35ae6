import * as v from 'valibot';
import { type Envelope, envelopeOf } from './envelope.ts';
import { type Page, pageOf } from './page.ts';

/** Leave to write a file's content into the storage, for an hour or so. */
export interface FileAccess {
  /**
   * The storage's URL, with the fields of the form that is to be sent there as its query. Whoever has it can write
   * the file: a secret.
   */
  readonly params: string;
  /** `2020-07-29T12:06:31Z`. */
  readonly expires?: string | null | undefined;
}

/** A file, with the names that QuickBlox gives. Members that it adds are kept. */
export interface StoredFile {
  readonly id: number;
  /** What a file is downloaded by; whoever has it can download a public one. */
  readonly uid: string;
  readonly name?: string | null | undefined;
  readonly content_type?: string | null | undefined;
  /** Bytes; null until the content is declared uploaded. */
  readonly size?: number | null | undefined;
  /** Whether it can be downloaded without a token. */
  readonly public?: boolean | null | undefined;
  /** `complete` once the content is declared uploaded. */
  readonly blob_status?: string | null | undefined;
  readonly set_completed_at?: string | null | undefined;
  /** `2019-09-15T21:12:56Z`. */
  readonly created_at?: string | null | undefined;
  readonly updated_at?: string | null | undefined;
  /** Only in the answer to its creation. */
  readonly blob_object_access?: FileAccess | null | undefined;
}

const Text = v.nullish(v.string());

/** Reads a file. @see QuickBlox fact sheet §8; the members are those of the reference's file model. */
export const StoredFile: v.GenericSchema<StoredFile> = v.looseObject({
  id: v.number(),
  uid: v.string(),
  name: Text,
  content_type: Text,
  size: v.nullish(v.number()),
  public: v.nullish(v.boolean()),
  blob_status: Text,
  set_completed_at: Text,
  created_at: Text,
  updated_at: Text,
  blob_object_access: v.nullish(v.looseObject({ params: v.string(), expires: Text })),
});

/** Reads the body of `POST /blobs.json` and `GET /blobs/{id}.json` to the file in it. */
export const StoredFileEnvelope: v.GenericSchema<Envelope<'blob', StoredFile>, StoredFile> = envelopeOf(
  'blob',
  StoredFile,
);

/** Reads the body of `GET /blobs.json`, its files unwrapped. */
export const StoredFilePage: v.GenericSchema<Page<Envelope<'blob', StoredFile>>, Page<StoredFile>> = pageOf(
  StoredFileEnvelope,
);

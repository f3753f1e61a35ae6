import * as v from 'valibot';

/** A contact of a user's. */
export interface Contact {
  /** 10 to 15 digits. */
  readonly phone: string;
  readonly name?: string | null | undefined;
}

/** Reads the body of `GET /address_book.json`. @see QuickBlox fact sheet §8. */
export const ContactList: v.GenericSchema<Contact[], readonly Contact[]> = v.array(
  v.looseObject({ phone: v.string(), name: v.nullish(v.string()) }),
);

/** What an upload came to. */
export interface AddressBookUpload {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  /** Why contacts were left out, by their place in the list that was sent. */
  readonly rejected?: Readonly<Record<string, readonly string[]>> | null | undefined;
}

/** Reads the body of `POST /address_book.json`. */
export const AddressBookUpload: v.GenericSchema<AddressBookUpload> = v.looseObject({
  created: v.number(),
  updated: v.number(),
  deleted: v.number(),
  rejected: v.nullish(v.record(v.string(), v.array(v.string()))),
});

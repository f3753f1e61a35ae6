import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import { isQuickBloxFault } from '../fault.ts';
import { AddressBookUpload, type Contact, ContactList } from '../schemas/address-book.ts';
import type { User } from '../schemas/user.ts';
import { UserItems } from '../schemas/user-list.ts';
import { encodeQuery } from './query.ts';

/** A contact to be written: one without a name stays as it is named, `destroy` deletes it. */
export interface ContactChange {
  /** 10 to 15 digits. */
  readonly phone: string;
  readonly name?: string | undefined;
  readonly destroy?: 1 | undefined;
}

/** Contacts to be written into the user's address book. */
export interface AddressBookChanges {
  readonly contacts: readonly ContactChange[];
  /** 1 deletes all that are not among these. */
  readonly force?: 1 | undefined;
  /** The device whose address book it is; default one for all devices. At most 64 characters. */
  readonly udid?: string | undefined;
}

/** Options of reading an address book. */
export interface AddressBookOptions extends CallOptions {
  /** Names a device whose book is kept apart. */
  readonly udid?: string | undefined;
}

/**
 * Writes contacts into the user's address book.
 *
 * @see QuickBlox fact sheet §8, as for all functions of the address book.
 */
export async function uploadAddressBook(
  client: QuickBloxClient,
  changes: AddressBookChanges,
  call: CallOptions = {},
): Promise<AddressBookUpload> {
  return client.post('address_book.json', { json: changes, ...toCall(call) }).json(AddressBookUpload);
}

/** Reads the user's address book. An empty one is an empty list, although QuickBlox calls that a failure. */
export async function listContacts(
  client: QuickBloxClient,
  { udid, ...call }: AddressBookOptions = {},
): Promise<readonly Contact[]> {
  const searchParams = encodeQuery([['udid', udid]]);
  return emptyIfNone(client.get('address_book.json', { searchParams, ...toCall(call) }).json(ContactList));
}

/** Reads which contacts are users, found by their telephone numbers; `compact: 1` gives their ids and numbers only. */
export async function listRegisteredUsers(
  client: QuickBloxClient,
  { udid, compact, ...call }: AddressBookOptions & { readonly compact?: 1 | undefined } = {},
): Promise<readonly User[]> {
  const searchParams = encodeQuery([
    ['udid', udid],
    ['compact', compact],
  ]);
  const path = 'address_book/registered_users.json';
  return emptyIfNone(client.get(path, { searchParams, ...toCall(call) }).json(UserItems));
}

/** QuickBlox answers 404 "Empty address book", as its own SDK knows. */
async function emptyIfNone<Item>(list: Promise<readonly Item[]>): Promise<readonly Item[]> {
  try {
    return await list;
  } catch (error) {
    const texts = isQuickBloxFault(error) && error.status === 404 ? error.fault?.errors['base'] : undefined;
    if (texts?.some((text) => /^empty address book/i.test(text))) return [];
    throw error;
  }
}

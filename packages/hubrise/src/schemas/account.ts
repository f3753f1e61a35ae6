import * as v from 'valibot';

/** A business. Members that HubRise adds are kept. */
export interface Account {
  readonly id: string;
  readonly name?: string | null | undefined;
  /** ISO 4217; every amount of the account's orders is in it. */
  readonly currency?: string | null | undefined;
}

/** @see HubRise fact sheet §13.1. */
export const Account: v.GenericSchema<Account> = v.looseObject({
  id: v.string(),
  name: v.nullish(v.string()),
  currency: v.nullish(v.string()),
});

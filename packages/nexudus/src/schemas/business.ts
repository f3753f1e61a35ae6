import * as v from 'valibot';
import { type ListEnvelope, listEnvelope } from './list.ts';

/** A location. Names are Nexudus's own; fields beyond those listed are kept as they came. */
export interface Business {
  readonly Id: number;
  readonly UniqueId?: string | null | undefined;
  readonly Name?: string | null | undefined;
  /** The slug in `{slug}.spaces.nexudus.com`; what `b` of the install callback claims. */
  readonly WebAddress?: string | null | undefined;
  /** The location above this one; null or absent at the top of a network. */
  readonly RootLocationId?: number | null | undefined;
  /** Free text that belongs to integrators, for ids of their own. */
  readonly SystemId?: string | null | undefined;
  /** ISO 8601, UTC. */
  readonly CreatedOn?: string | null | undefined;
  readonly UpdatedOn?: string | null | undefined;
  /** E-mail address of the last editor. */
  readonly UpdatedBy?: string | null | undefined;
  readonly [field: string]: unknown;
}

const text = v.nullish(v.string());

/** Schema of a {@link Business}. @see Nexudus fact sheet §7.5 and §11; reference page of the entity, "Business". */
export const Business: v.GenericSchema<unknown, Business> = v.looseObject({
  Id: v.pipe(v.number(), v.safeInteger()),
  UniqueId: text,
  Name: text,
  WebAddress: text,
  RootLocationId: v.nullish(v.pipe(v.number(), v.safeInteger())),
  SystemId: text,
  CreatedOn: text,
  UpdatedOn: text,
  UpdatedBy: text,
});

/** Schema of one page of `GET /sys/businesses`. */
export const BusinessList: v.GenericSchema<unknown, ListEnvelope<Business>> = listEnvelope(Business);

import * as v from 'valibot';
import { Account } from './account.ts';

/** Whether an outlet takes orders. The mode is text, so that one that HubRise adds can be read. */
export interface OrderAcceptanceWire {
  /** `normal`, `busy` or `paused`; `online` for `normal` for a while in 2025. */
  readonly mode: string;
  readonly extra_preparation_time?: number | null | undefined;
  readonly resume_at?: string | null | undefined;
  readonly reason?: string | null | undefined;
}

/** {@link OrderAcceptanceWire} with `online` read as `normal`. */
export interface OrderAcceptance extends OrderAcceptanceWire {}

/** An outlet, as `GET /location` gives it. Members that HubRise adds are kept. */
export interface LocationWire {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly account?: Account | null | undefined;
  readonly address?: string | null | undefined;
  readonly postal_code?: string | null | undefined;
  readonly city?: string | null | undefined;
  readonly country?: string | null | undefined;
  readonly timezone?: { readonly name: string } | null | undefined;
  /** `HH:mm`; earlier times belong to the business day before. */
  readonly cutoff_time?: string | null | undefined;
  /** By lower-case day name. */
  readonly opening_hours?: Readonly<Record<string, readonly OpeningSlot[] | null | undefined>> | null | undefined;
  /** Minutes. */
  readonly preparation_time?: number | null | undefined;
  readonly order_acceptance?: OrderAcceptanceWire | null | undefined;
  readonly custom_fields?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A span of a day, each end `HH:mm`. */
export interface OpeningSlot {
  readonly from: string;
  readonly to: string;
}

/** {@link LocationWire} with today's word for the mode. */
export interface Location extends LocationWire {
  readonly order_acceptance?: OrderAcceptance | null | undefined;
}

const OptionalText = v.nullish(v.string());

const AcceptanceMode = v.pipe(
  v.string(),
  v.transform((mode) => (mode === 'online' ? 'normal' : mode)),
);

/** @see HubRise fact sheet §13.1. */
export const Location: v.GenericSchema<LocationWire, Location> = v.looseObject({
  id: v.string(),
  name: OptionalText,
  account: v.nullish(Account),
  address: OptionalText,
  postal_code: OptionalText,
  city: OptionalText,
  country: OptionalText,
  timezone: v.nullish(v.looseObject({ name: v.string() })),
  cutoff_time: OptionalText,
  opening_hours: v.nullish(
    v.record(v.string(), v.nullish(v.array(v.looseObject({ from: v.string(), to: v.string() })))),
  ),
  preparation_time: v.nullish(v.number()),
  order_acceptance: v.nullish(
    v.looseObject({
      mode: AcceptanceMode,
      extra_preparation_time: v.nullish(v.number()),
      resume_at: OptionalText,
      reason: OptionalText,
    }),
  ),
  custom_fields: v.nullish(v.record(v.string(), v.unknown())),
});

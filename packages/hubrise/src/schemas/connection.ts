import { Secret } from '@x/crypto/light';
import * as v from 'valibot';

/** What the token endpoint answers. `token_type` says `Bearer`, which is not how the API is authenticated. */
export interface ConnectionWire {
  readonly access_token: string;
  readonly token_type?: string | null | undefined;
  readonly account_id?: string | null | undefined;
  readonly account_name?: string | null | undefined;
  readonly location_id?: string | null | undefined;
  readonly location_name?: string | null | undefined;
  readonly catalog_id?: string | null | undefined;
  readonly catalog_name?: string | null | undefined;
  readonly customer_list_id?: string | null | undefined;
  readonly customer_list_name?: string | null | undefined;
  readonly user_id?: string | null | undefined;
  readonly app_instance_id?: string | null | undefined;
}

/** Something that a connection leads to. HubRise asks for both to be shown to the merchant. */
export interface ConnectedThing {
  readonly id: string;
  readonly name: string | undefined;
}

/**
 * What one authorization gave: a token that never expires, and what it leads to.
 *
 * Several of your tenants may come to hold the same token, because HubRise gives one per client and location (and
 * device). Every id but the token is absent where the scope does not lead to such a thing, and where HubRise is silent.
 */
export interface Connection {
  /** Goes into `X-Access-Token`; `reveal()` it only to store it encrypted. */
  readonly accessToken: Secret;
  readonly account: ConnectedThing | undefined;
  /** Absent at account level. */
  readonly location: ConnectedThing | undefined;
  /** The catalog that the user chose for a `catalog` permission. */
  readonly catalog: ConnectedThing | undefined;
  /** The list that the user chose for a `customer_list` permission. */
  readonly customerList: ConnectedThing | undefined;
  /** Whose profile a `profile` scope opens. */
  readonly userId: string | undefined;
  /** HubRise's id of the connection, for apps of its store. */
  readonly appInstanceId: string | undefined;
}

const OptionalText = v.nullish(v.string());

/**
 * The answer of the token endpoint, turned into a {@link Connection}.
 *
 * @see HubRise fact sheet §6.2, §17: older servers send the token and three ids only.
 */
export const Connection: v.GenericSchema<ConnectionWire, Connection> = v.pipe(
  v.object({
    // what cannot be a header field's value cannot be a token
    access_token: v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/)),
    token_type: OptionalText,
    account_id: OptionalText,
    account_name: OptionalText,
    location_id: OptionalText,
    location_name: OptionalText,
    catalog_id: OptionalText,
    catalog_name: OptionalText,
    customer_list_id: OptionalText,
    customer_list_name: OptionalText,
    user_id: OptionalText,
    app_instance_id: OptionalText,
  }),
  v.transform(toConnection),
);

function toConnection(wire: ConnectionWire): Connection {
  return {
    accessToken: new Secret(wire.access_token),
    account: toThing(wire.account_id, wire.account_name),
    location: toThing(wire.location_id, wire.location_name),
    catalog: toThing(wire.catalog_id, wire.catalog_name),
    customerList: toThing(wire.customer_list_id, wire.customer_list_name),
    userId: wire.user_id ?? undefined,
    appInstanceId: wire.app_instance_id ?? undefined,
  };
}

function toThing(id: string | null | undefined, name: string | null | undefined): ConnectedThing | undefined {
  return id === null || id === undefined ? undefined : { id, name: name ?? undefined };
}

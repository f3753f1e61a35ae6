import { encodeHex, type RandomSource } from '@x/crypto';
import { spell } from './spelling.ts';

/** A location, as an emulator is given it. */
export interface EmulatedBusiness {
  readonly id: number;
  readonly name: string;
  /** The slug of its web address. */
  readonly webAddress: string;
  /** Id of the location above it; default none. */
  readonly rootId?: number | undefined;
  /** E-mail address of the administrator who installs apps there. */
  readonly administrator: string;
}

/** The record that the API shows. */
export type BusinessRecord = Record<string, unknown> & { readonly Id: number };

/** The locations of all customers. */
export interface Locations {
  find(webAddress: string): EmulatedBusiness | undefined;
  /** The location and all below it: what an installation there can see (assumed). */
  visibleFrom(id: number): readonly BusinessRecord[];
  record(id: number): BusinessRecord | undefined;
  replace(id: number, fields: Readonly<Record<string, unknown>>, nowMs: number): void;
}

/** Two customers: a network with two locations below it, and a single space. */
export const defaultBusinesses: readonly EmulatedBusiness[] = [
  { id: 1414900001, name: 'Northwind Network', webAddress: 'northwind', administrator: 'ada@northwind.example' },
  {
    id: 1414900002,
    name: 'Northwind Harbour',
    webAddress: 'northwind-harbour',
    rootId: 1414900001,
    administrator: 'ben+desk@northwind.example',
  },
  {
    id: 1414900003,
    name: 'Northwind Station',
    webAddress: 'northwind-station',
    rootId: 1414900001,
    administrator: 'cleo@northwind.example',
  },
  { id: 1414900004, name: 'Solo Loft', webAddress: 'solo-loft', administrator: 'dora@solo-loft.example' },
];

/** Fields that a list leaves out, see the fact sheet §7.1. */
const longFields: ReadonlySet<string> = new Set(['AboutUs', 'CustomFields', 'LocalizationDetails']);

/** Fields that an update does not touch. */
const fixedFields = ['Id', 'UniqueId', 'RootLocationId', 'CreatedOn', 'IsNew'] as const;

/** The record as lists show it. */
export function toListRecord(record: BusinessRecord): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !longFields.has(name)));
}

export function createLocations(
  businesses: readonly EmulatedBusiness[],
  { random, nowMs }: { readonly random: RandomSource; readonly nowMs: number },
): Locations {
  const records = new Map<number, BusinessRecord>();
  for (const { id, name, webAddress, rootId } of businesses) {
    const since = new Date(nowMs).toISOString();
    records.set(id, {
      Id: id,
      UniqueId: spell(encodeHex(random(16)), 'dashed'),
      Name: name,
      WebAddress: webAddress,
      RootLocationId: rootId ?? null,
      ShortIntroduction: `A place called ${name}`,
      AboutUs: `Everything there is to know about ${name}.`,
      CreatedOn: since,
      UpdatedOn: since,
      UpdatedBy: 'system@nexudus.example',
      IsNew: false,
      SystemId: null,
      ToStringText: name,
      LocalizationDetails: null,
      CustomFields: null,
    });
  }

  const isBelow = (record: BusinessRecord | undefined, id: number): boolean =>
    record !== undefined && (record.Id === id || isBelow(records.get(Number(record['RootLocationId'])), id));

  return {
    find: (webAddress) => businesses.find((business) => business.webAddress === webAddress),
    visibleFrom: (id) => [...records.values()].filter((record) => isBelow(record, id)),
    record: (id) => records.get(id),
    replace(id, fields, changedMs) {
      const before = records.get(id);
      if (before === undefined) return;
      const cleared = Object.fromEntries(Object.keys(before).map((name) => [name, fields[name] ?? null]));
      const fixed = Object.fromEntries(fixedFields.map((name) => [name, before[name]]));
      const name = String(fields['Name']);
      records.set(id, {
        ...cleared,
        ...fixed,
        Id: id,
        ToStringText: name,
        UpdatedOn: new Date(changedMs).toISOString(),
        UpdatedBy: 'app@nexudus.example',
      });
    },
  };
}

import * as v from 'valibot';

/** What QuickBlox puts around one thing: `{ "user": { … } }`. */
export type Envelope<Name extends string, Thing> = { readonly [name in Name]: Thing };

/** Reads `{ "user": { … } }` to what is in it. */
/* @__NO_SIDE_EFFECTS__ */
export function envelopeOf<const Name extends string, Wire, Thing>(
  name: Name,
  thing: v.GenericSchema<Wire, Thing>,
): v.GenericSchema<Envelope<Name, Wire>, Thing> {
  const envelope = v.pipe(
    v.object({ [name]: thing }),
    v.transform((opened) => opened[name]),
  );
  return envelope as unknown as v.GenericSchema<Envelope<Name, Wire>, Thing>; // a computed name loses its literal type
}

import * as v from 'valibot';
import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import { Deletion } from '../schemas/deletion.ts';
import { idsSegment } from './path.ts';

/** Options of a deletion from chat histories. */
export interface DeleteOptions extends CallOptions {
  /** 1 deletes for everyone, which only the owner may; default for the user alone. */
  readonly force?: 1 | undefined;
}

/**
 * Deletes what some ids name.
 *
 * @returns What became of each id; undefined when the body does not tell, which is no failure.
 * @see QuickBlox fact sheet §8, and edge case 21.
 */
export async function deleteIds(
  client: QuickBloxClient,
  { path, ids }: { readonly path: string; readonly ids: string | readonly string[] },
  { force, ...call }: DeleteOptions,
): Promise<Deletion | undefined> {
  const body = force === undefined ? undefined : new URLSearchParams({ force: String(force) });
  const options = { ...(body && { body }), ...toCall(call) };
  const text = await client.delete(`${path}/${idsSegment('ids', ids)}.json`, options).text();
  try {
    const read = v.safeParse(Deletion, JSON.parse(text));
    return read.success ? read.output : undefined;
  } catch {
    return undefined; // empty, blank or a word
  }
}

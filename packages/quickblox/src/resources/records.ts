import type { Pages } from '@x/http';
import { type CallOptions, type QuickBloxClient, toCall, transferOf } from '../client.ts';
import type { Deletion } from '../schemas/deletion.ts';
import { Count, type Stretch } from '../schemas/page.ts';
import { CustomRecord, DeletedRecords, RecordFile, RecordList, RecordStretch } from '../schemas/record.ts';
import { discard } from './answers.ts';
import { assertComplete, type Criteria, filterPairs, type Sort, sortPairs, toJson, toPairs } from './criteria.ts';
import { deleteIds } from './deletion.ts';
import { listStretches, type StretchOptions } from './lists.ts';
import { idsSegment, textSegment } from './path.ts';
import { encodeQuery } from './query.ts';
import { readUploadTimeout, type UploadOptions } from './upload.ts';

/** Fields of a record by name; `permissions` among them says who may do what. */
export type RecordFields = Readonly<Record<string, unknown>>;

/** Names a class, as in the dashboard. */
export interface InClass {
  readonly className: string;
}

/** Names a record. */
export interface RecordKey extends InClass {
  readonly id: string;
}

/** Names a field of a record that holds a file. */
export interface RecordFileKey extends RecordKey {
  readonly field: string;
}

/** Options of {@link listRecords}. */
export interface ListRecordsOptions extends StretchOptions {
  /** What must hold of a record; default nothing. */
  readonly filter?: Criteria | undefined;
  /** Which come first; default QuickBlox's order. */
  readonly sort?: Sort | undefined;
}

/**
 * Creates a record of custom objects. Fields that its class does not have are left out by QuickBlox.
 *
 * @see QuickBlox fact sheet §7 and §8, as for all functions of records.
 */
export async function createRecord(
  client: QuickBloxClient,
  { className, fields }: InClass & { readonly fields: RecordFields },
  call: CallOptions = {},
): Promise<CustomRecord> {
  return client.post(`${classPath(className)}.json`, { json: fields, ...toCall(call) }).json(CustomRecord);
}

/** Creates several records of a class. */
export async function createRecords(
  client: QuickBloxClient,
  { className, records }: InClass & { readonly records: readonly RecordFields[] },
  call: CallOptions = {},
): Promise<readonly CustomRecord[]> {
  const path = `${classPath(className)}/multi.json`;
  const { items } = await client.post(path, { json: numbered(records), ...toCall(call) }).json(RecordList);
  return items;
}

/** Goes through the records of a class. @throws {TypeError} For criteria that cannot be written. */
export function listRecords(
  client: QuickBloxClient,
  className: string,
  { filter, sort, ...options }: ListRecordsOptions = {},
): Pages<Stretch<CustomRecord>, CustomRecord> {
  const query = [...filterPairs(filter), ...sortPairs(sort)];
  return listStretches(client, { path: `${classPath(className)}.json`, query, schema: RecordStretch }, options);
}

/** Counts the records of a class. */
export async function countRecords(
  client: QuickBloxClient,
  className: string,
  { filter, ...call }: CallOptions & { readonly filter?: Criteria | undefined } = {},
): Promise<number> {
  const searchParams = encodeQuery([...filterPairs(filter), ['count', 1]]);
  return client.get(`${classPath(className)}.json`, { searchParams, ...toCall(call) }).json(Count);
}

/**
 * Reads records by their ids, at least one; `not_found` tells those that are missing.
 *
 * @throws {TypeError} For an id that is none, as all functions that take one: `by_criteria` would name all records.
 */
export async function getRecords(
  client: QuickBloxClient,
  { className, ids }: InClass & { readonly ids: readonly string[] },
  call: CallOptions = {},
): Promise<RecordList> {
  for (const id of ids) assertRecordId(id);
  return client.get(`${classPath(className)}/${idsSegment('ids', ids)}.json`, toCall(call)).json(RecordList);
}

/** Changes a record; fields that are left out stay. */
export async function updateRecord(
  client: QuickBloxClient,
  { changes, ...key }: RecordKey & { readonly changes: RecordFields },
  call: CallOptions = {},
): Promise<CustomRecord> {
  return client.put(`${recordPath(key)}.json`, { json: changes, ...toCall(call) }).json(CustomRecord);
}

/** Changes several records, each by its `id`; `not_found` tells those that are missing. */
export async function updateRecords(
  client: QuickBloxClient,
  { className, records }: InClass & { readonly records: readonly (RecordFields & { readonly id: string })[] },
  call: CallOptions = {},
): Promise<RecordList> {
  const path = `${classPath(className)}/multi.json`;
  return client.put(path, { json: numbered(records), ...toCall(call) }).json(RecordList);
}

/**
 * Changes all records that meet criteria.
 *
 * @throws {TypeError} Without criteria, or with a value that is absent, empty or none, another comparison than
 *   {@link Comparisons} has, or a plain value of a field that is called as a parameter of lists, `count` and the like:
 *   they could meet more records.
 */
export async function updateRecordsByCriteria(
  client: QuickBloxClient,
  { className, criteria, changes }: InClass & { readonly criteria: Criteria; readonly changes: RecordFields },
  call: CallOptions = {},
): Promise<Stretch<CustomRecord>> {
  assertComplete(criteria);
  const json = { ...changes, search_criteria: toJson(criteria) };
  return client.put(`${classPath(className)}/by_criteria.json`, { json, ...toCall(call) }).json(RecordStretch);
}

/**
 * Deletes records by their ids.
 *
 * @returns What became of each id, where QuickBlox tells: it succeeds as a whole although some are refused.
 */
export async function deleteRecords(
  client: QuickBloxClient,
  { className, ids }: InClass & { readonly ids: readonly string[] },
  call: CallOptions = {},
): Promise<Deletion | undefined> {
  for (const id of ids) assertRecordId(id);
  return deleteIds(client, { path: classPath(className), ids }, call);
}

/**
 * Deletes all records that meet criteria.
 *
 * @throws {TypeError} Without criteria, or with a value that is absent, empty or none, another comparison than
 *   {@link Comparisons} has, or a plain value of a field that is called as a parameter of lists, `count` and the like:
 *   they could meet more records.
 */
export async function deleteRecordsByCriteria(
  client: QuickBloxClient,
  { className, criteria }: InClass & { readonly criteria: Criteria },
  call: CallOptions = {},
): Promise<DeletedRecords> {
  assertComplete(criteria);
  const body = new URLSearchParams(toPairs(criteria));
  return client.delete(`${classPath(className)}/by_criteria.json`, { body, ...toCall(call) }).json(DeletedRecords);
}

/** Puts a file into a field of a record. @throws {RangeError} When `timeoutMs` is out of range. */
export async function uploadRecordFile(
  client: QuickBloxClient,
  { content, name, field, ...key }: RecordFileKey & { readonly content: Blob; readonly name: string },
  { timeoutMs, ...call }: UploadOptions = {},
): Promise<RecordFile> {
  const timeout = readUploadTimeout(timeoutMs);
  const body = new FormData();
  body.append('field_name', field);
  body.append('file', content, name);
  return client.post(`${recordPath(key)}/file.json`, { body, timeout, ...toCall(call) }).json(RecordFile);
}

/** Downloads the file in a field of a record, of any size. @returns The answer, its body yet to be read. */
export async function downloadRecordFile(
  client: QuickBloxClient,
  { field, ...key }: RecordFileKey,
  call: CallOptions = {},
): Promise<Response> {
  const searchParams = encodeQuery([['field_name', field]]);
  return transferOf(client)
    .download()
    .get(`${recordPath(key)}/file.json`, { searchParams, ...toCall(call) });
}

/** Deletes the file in a field of a record. */
export async function deleteRecordFile(
  client: QuickBloxClient,
  { field, ...key }: RecordFileKey,
  call: CallOptions = {},
): Promise<void> {
  const body = new URLSearchParams({ field_name: field });
  return discard(client.delete(`${recordPath(key)}/file.json`, { body, ...toCall(call) }));
}

function classPath(className: string): string {
  return `data/${textSegment('className', className)}`;
}

function recordPath({ className, id }: RecordKey): string {
  assertRecordId(id);
  return `${classPath(className)}/${textSegment('id', id)}`;
}

/** Calls of a class that stand where a record's id does: whoever chooses an id must not be able to choose these. */
const namesOfCalls = /^(?:by_criteria|multi)(?:\.|$)/i;

/** @throws {TypeError} When the path would be that of all records, or of several. */
function assertRecordId(id: string): void {
  if (namesOfCalls.test(id)) throw new TypeError('id must be that of a record: by_criteria and multi name other calls');
}

/** Several records go under numbers, as the reference shows. */
function numbered(records: readonly RecordFields[]): { record: Record<string, RecordFields> } {
  return { record: Object.fromEntries(records.map((record, index) => [String(index), record])) };
}

import { ContractError, createClient, type Pages } from '@x/http';
import { isSecureUrl } from '@x/http/options';
import { type CallOptions, type QuickBloxClient, toCall, transferOf } from '../client.ts';
import { type FileAccess, type StoredFile, StoredFileEnvelope, StoredFilePage } from '../schemas/file.ts';
import type { Page } from '../schemas/page.ts';
import { discard } from './answers.ts';
import { joinList } from './criteria.ts';
import { listPages, type PageOptions } from './lists.ts';
import { numberSegment, textSegment } from './path.ts';
import { readUploadTimeout, type UploadOptions } from './upload.ts';

/** A file to be created, without its content. */
export interface NewFile {
  readonly name: string;
  /** A media type, `image/jpeg`. */
  readonly content_type: string;
  /** True lets anyone download it who has its uid; default only with a token. */
  readonly public?: boolean | undefined;
  readonly tag_list?: readonly string[] | undefined;
}

/** How a file's content is sent to the storage, which is no server of QuickBlox's. */
export interface StorageOptions extends UploadOptions {
  /** Default the client's in {@link uploadFile}, else the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Creates a file, sends its content to the storage by the client's own `fetch`, and declares it uploaded.
 *
 * @returns The file as it is then.
 * @throws {ContractError} When QuickBlox gives no leave to write, or a URL that is not https.
 * @see QuickBlox fact sheet §8, as for all functions of files.
 */
export async function uploadFile(
  client: QuickBloxClient,
  { content, ...file }: NewFile & { readonly content: Blob },
  options: StorageOptions = {},
): Promise<StoredFile> {
  const { id, blob_object_access: access } = await createFile(client, file, options);
  if (access === undefined || access === null) throw storageError('leave to write');
  await sendContent(access, content, { ...options, fetch: options.fetch ?? transferOf(client).fetch });
  await completeFile(client, { id, size: content.size }, options);
  return getFile(client, id, options);
}

/** Creates a file without content; its `blob_object_access` is the leave to write it. */
export async function createFile(
  client: QuickBloxClient,
  { tag_list, ...file }: NewFile,
  call: CallOptions = {},
): Promise<StoredFile> {
  const blob = { ...file, tag_list: tag_list && joinList('tag_list', tag_list) };
  return client.post('blobs.json', { json: { blob }, ...toCall(call) }).json(StoredFileEnvelope);
}

/**
 * Sends a file's content to the storage, by the form that QuickBlox has signed.
 *
 * It goes out without any credential of the client's: the form alone proves what is allowed.
 *
 * @throws {ContractError} When the form's URL is not https.
 */
export async function sendContent(
  { params }: FileAccess,
  content: Blob,
  { fetch, timeoutMs, ...call }: StorageOptions = {},
): Promise<void> {
  if (!isSecureUrl(params)) throw storageError('an https: URL');
  const { origin, pathname, search } = new URL(params);
  const body = new FormData();
  // a plus sign in a URL's query is a space only to forms; here it is a part of a signature
  for (const [name, value] of new URLSearchParams(search.replaceAll('+', '%2B'))) body.append(name, value);
  body.append('file', content); // last: the storage takes no field after it
  const storage = createClient({
    provider: 'quickblox',
    baseUrl: origin,
    fetch,
    timeoutMs: readUploadTimeout(timeoutMs),
  });
  return discard(storage.post(`${origin}${pathname}`, { body, ...toCall(call) }));
}

/** Declares a file's content uploaded. */
export async function completeFile(
  client: QuickBloxClient,
  { id, size }: { readonly id: number; readonly size: number },
  call: CallOptions = {},
): Promise<void> {
  const path = `blobs/${numberSegment('id', id)}/complete.json`;
  return discard(client.put(path, { json: { blob: { size } }, ...toCall(call) }));
}

/** Goes through the user's files. */
export function listFiles(client: QuickBloxClient, options: PageOptions = {}): Pages<Page<StoredFile>, StoredFile> {
  return listPages(client, { path: 'blobs.json', schema: StoredFilePage }, options);
}

/** Reads what is known of a file. @throws {ResponseError} `http.not-found` */
export async function getFile(client: QuickBloxClient, id: number, call: CallOptions = {}): Promise<StoredFile> {
  return client.get(`blobs/${numberSegment('id', id)}.json`, toCall(call)).json(StoredFileEnvelope);
}

/** Renames a file. */
export async function updateFile(
  client: QuickBloxClient,
  { id, changes }: { readonly id: number; readonly changes: { readonly name: string } },
  call: CallOptions = {},
): Promise<StoredFile> {
  const path = `blobs/${numberSegment('id', id)}.json`;
  return client.put(path, { json: { blob: changes }, ...toCall(call) }).json(StoredFileEnvelope);
}

/** Deletes a file and its content. */
export async function deleteFile(client: QuickBloxClient, id: number, call: CallOptions = {}): Promise<void> {
  return discard(client.delete(`blobs/${numberSegment('id', id)}.json`, toCall(call)));
}

/**
 * Downloads a file's content, of any size. Where that leads to a storage, the credential does not go with it.
 *
 * @param uid The file's uid, not its id.
 * @returns The answer, its body yet to be read.
 */
export async function downloadFile(client: QuickBloxClient, uid: string, call: CallOptions = {}): Promise<Response> {
  return transferOf(client)
    .download()
    .get(`blobs/${textSegment('uid', uid)}`, toCall(call));
}

function storageError(expected: string): ContractError {
  return new ContractError({
    provider: 'quickblox',
    issues: [{ path: 'blob_object_access.params', expected }],
    message: `the file cannot be uploaded: expected ${expected}`,
  });
}

import { ContractError } from '@x/http';
import type { NexudusClient } from './client.ts';
import { describeCommand, readCommandResult, refusalError } from './fault.ts';
import { Business, BusinessList } from './schemas/business.ts';
import type { CommandResult } from './schemas/command-result.ts';

/** A request that changes something. */
export interface CommandRequest {
  readonly method: 'post' | 'put' | 'delete';
  /** Relative to the API, without a slash at its start: `sys/businesses`. An update has its id in the body, not here. */
  readonly path: string;
  /** The whole record: an update clears the fields that it leaves out. */
  readonly json?: unknown;
  readonly signal?: AbortSignal | undefined;
}

const pageSize = 100;
const maxPages = 1_000;

/**
 * Lists every location that an installation can see, in order of `Id`, each once.
 *
 * @throws {XError} Also `http.contract-broken` when the list has no end within 1,000 pages.
 * @see Nexudus fact sheet §7.2, §7.3 and §11.
 */
export async function listBusinesses(
  client: NexudusClient,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly Business[]> {
  const found = new Map<number, Business>();
  for (let page = 1; page <= maxPages; page += 1) {
    const searchParams = { page, size: pageSize, orderBy: 'Id' };
    const list = await client.get('sys/businesses', { searchParams, ...withSignal(signal) }).json(BusinessList);
    for (const business of list.Records) found.set(business.Id, business);
    if (!list.HasNextPage || list.Records.length === 0) return [...found.values()];
  }
  const issues = [{ path: 'HasNextPage', expected: `false within ${maxPages} pages` }];
  throw new ContractError({ provider: 'nexudus', issues, message: 'the list of businesses has no end' });
}

/** Reads one location whole, as an update needs it. @throws {RangeError} When the id is not a whole number above 0. */
export async function readBusiness(
  client: NexudusClient,
  id: number,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Business> {
  if (!Number.isSafeInteger(id) || id < 1) throw new RangeError(`id must be a whole number above 0, got ${id}`);
  return client.get(`sys/businesses/${id}`, withSignal(signal)).json(Business);
}

/**
 * Sends a command and believes its result rather than its status.
 *
 * @returns The result; undefined when Nexudus had nothing to say.
 * @throws {ResponseError} `nexudus.refused` when `WasSuccessful` is false, also with status 200.
 * @throws {ContractError} When the answer is neither empty nor a result.
 * @throws {TypeError} When `path` leads elsewhere than below the API.
 * @see Nexudus fact sheet §7.4 and §8.
 */
export async function sendCommand(client: NexudusClient, request: CommandRequest): Promise<CommandResult | undefined> {
  const { method, path, json, signal } = request;
  if (!isBelowBase(path)) throw new TypeError('path must be relative to the API, such as sys/businesses');
  const response = await client(path, { method, ...(json === undefined ? {} : { json }), ...withSignal(signal) });
  const text = await response.text();
  if (text.trim() === '') return undefined;
  const result = readCommandResult(text);
  if (result === undefined) {
    const issues = [{ path: '', expected: 'nothing, or the result of a command' }];
    const message = `${describeCommand(method, path)}: expected a command's result`;
    throw new ContractError({ provider: 'nexudus', issues, message });
  }
  if (!result.WasSuccessful) throw refusalError(method, path, response.status, result);
  return result;
}

/** The parser decides, as it will when the request is made: it overlooks line breaks and reads `\` as `/`. */
function isBelowBase(path: string): boolean {
  const base = 'https://base.invalid/api/';
  return URL.canParse(path, base) && new URL(path, base).href.startsWith(base);
}

function withSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

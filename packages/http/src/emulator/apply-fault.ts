import type { Clock } from '@x/crypto/light';
import type { Sleep } from '../rate-limiter/contract.ts';
import { breakBody, dropped } from './broken-connection.ts';
import type { Fault } from './faults.ts';

/** The exchange that a fault hits. */
export interface FaultedExchange {
  /** Lets the route do its work. */
  readonly ask: () => Response | Promise<Response>;
  /** Told the status that goes out, unless the connection ends before. */
  readonly note: (status: number) => void;
  readonly clock: Clock;
  /** How latency waits. */
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
}

/** Answers an exchange as a fault has it; without one, as the route does. */
export async function applyFault(fault: Fault | undefined, exchange: FaultedExchange): Promise<Response> {
  if (fault?.kind === 'drop') throw dropped();
  if (fault?.kind === 'reset') throw dropped('reset');
  if (fault?.kind === 'latency') await exchange.sleep(fault.ms, exchange.signal);
  const response = fault?.kind === 'status' ? ofStatus(fault, exchange.clock()) : await exchange.ask();
  if (fault?.kind === 'drop-after') throw dropped();
  const altered = fault === undefined ? response : await alter(fault, response);
  exchange.note(altered.status);
  return altered;
}

function ofStatus({ status, headers, body, retryAfter }: Extract<Fault, { kind: 'status' }>, nowMs: number): Response {
  const fields = new Headers(headers);
  if (retryAfter?.form === 'date') {
    fields.set('date', new Date(nowMs).toUTCString());
    fields.set('retry-after', new Date(nowMs + retryAfter.seconds * 1000).toUTCString());
  } else if (retryAfter !== undefined) fields.set('retry-after', String(retryAfter.seconds));
  return new Response(body ?? null, { status, headers: fields });
}

/** What a fault does to an answer of the route's. One without a body has none to spoil. */
async function alter(fault: Fault, response: Response): Promise<Response> {
  const { kind } = fault;
  if (kind === 'drop-body') return breakBody(response, 'end');
  if (kind === 'reset-body') return breakBody(response, 'reset');
  if (response.body === null) return response;
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  if (kind === 'content-type') {
    headers.set('content-type', fault.type ?? 'text/html');
    return new Response(response.body, { status, statusText, headers });
  }
  if (kind !== 'malformed-body' && kind !== 'malformed-json') return response;
  const bytes = await response.arrayBuffer();
  headers.delete('content-length');
  // no JSON text is still one with a brace behind it
  const spoilt = kind === 'malformed-json' ? [bytes, '}'] : [bytes.slice(0, Math.floor(bytes.byteLength / 2))];
  return new Response(new Blob(spoilt), { status, statusText, headers });
}

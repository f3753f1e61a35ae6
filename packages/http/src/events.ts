/** What a client or a credential tells its subscriber. URLs are reduced to origin and path. */
export type ClientEvent =
  /** A request goes out: an attempt, a replay, or the next hop of a redirect. */
  | ({ readonly type: 'request' } & ExchangeEvent)
  /** The header of its answer has come. */
  | ({ readonly type: 'response'; readonly status: number; readonly durationMs: number } & ExchangeEvent)
  /** It ended without an answer. */
  | ({
      readonly type: 'request-failed';
      /** `http.network`, `http.timeout` or `http.aborted`; a rate limiter's own where it let nothing out. */
      readonly code: string;
      readonly durationMs: number;
    } & ExchangeEvent)
  /** A call is about to be repeated. */
  | {
      readonly type: 'retry';
      readonly provider: string;
      readonly callId: string;
      readonly method: string;
      readonly url: string;
      /** 1 for the first repetition. */
      readonly attempt: number;
      /** Status of the failed answer, or the code of the failure where there was none. */
      readonly reason: string;
    }
  | CredentialEvent;

/** What the events of one exchange have in common: `callId` and `exchange` together pair them. */
export interface ExchangeEvent {
  readonly provider: string;
  /** The same for everything that one call of the client leads to. */
  readonly callId: string;
  /** From 1, in the order in which the call's requests go out. */
  readonly exchange: number;
  readonly method: string;
  readonly url: string;
}

/** What a renewable credential tells its subscriber. `key` names the credential; it holds no secret. */
export type CredentialEvent =
  | { readonly type: 'credential-issued'; readonly provider: string; readonly key: string }
  | { readonly type: 'credential-renewed'; readonly provider: string; readonly key: string }
  | { readonly type: 'credential-reused'; readonly provider: string; readonly key: string }
  | { readonly type: 'credential-failed'; readonly provider: string; readonly key: string; readonly code: string }
  | { readonly type: 'credential-store-failed'; readonly provider: string; readonly key: string };

/** Hands an event to its subscriber; what that throws or rejects with is its own affair and changes nothing here. */
export function emit<Event>(onEvent: ((event: Event) => void) | undefined, event: Event): void {
  try {
    const result: unknown = onEvent?.(event);
    if (result !== undefined) Promise.resolve(result).catch(() => {});
  } catch {
    // a subscriber observes; it has no say in the request
  }
}

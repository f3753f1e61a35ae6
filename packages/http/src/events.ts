/** What a client or a credential tells its subscriber. URLs are reduced to origin and path. */
export type ClientEvent =
  | { readonly type: 'request'; readonly provider: string; readonly method: string; readonly url: string }
  | {
      readonly type: 'response';
      readonly provider: string;
      readonly method: string;
      readonly url: string;
      readonly status: number;
      readonly durationMs: number;
    }
  | {
      readonly type: 'retry';
      readonly provider: string;
      readonly method: string;
      readonly url: string;
      /** 1 for the first repetition. */
      readonly attempt: number;
      /** Status of the failed answer, or the code of the failure where there was none. */
      readonly reason: string;
    }
  | CredentialEvent;

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

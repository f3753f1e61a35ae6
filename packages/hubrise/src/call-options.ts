/** Options of every function that asks HubRise for something. */
export interface CallOptions {
  /** Gives the request up; what HubRise made of it by then is not undone. */
  readonly signal?: AbortSignal | undefined;
}

/** Leaves an undefined signal out, since ky's options know an absent one only. */
export function toKyOptions({ signal }: CallOptions = {}): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

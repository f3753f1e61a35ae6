declare module 'cloudflare:workers' {
  /** Lets work live beyond the request that is being answered. */
  export function waitUntil(work: Promise<unknown>): void;
}

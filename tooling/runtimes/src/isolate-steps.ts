/** One request to a handler whose isolate outlives it, on a platform that ends a request's work with the request. */
export interface Step {
  readonly name: string;
  /** Asked of the handler there. */
  readonly path: IsolatePath;
  /** Waited before. */
  readonly afterMs: number;
  /** Status, and how often the handler's provider was asked by then. */
  readonly expected: `${number} after ${number} fetches`;
}

export type IsolatePath = '/authorize' | '/token';

/** The first request to each is answered before its provider is, and takes the fetch that it began with it. */
export const isolateSteps: readonly Step[] = [
  { name: 'the issuer is slow', path: '/authorize', afterMs: 0, expected: '503 after 1 fetches' },
  { name: 'another request asks again', path: '/authorize', afterMs: 0, expected: '200 after 2 fetches' },
  { name: 'the keys are kept', path: '/authorize', afterMs: 600, expected: '200 after 2 fetches' },
  { name: 'QuickBlox is slow', path: '/token', afterMs: 0, expected: '503 after 1 fetches' },
  { name: 'another request mints', path: '/token', afterMs: 0, expected: '200 after 2 fetches' },
  { name: 'the token is kept', path: '/token', afterMs: 600, expected: '200 after 2 fetches' },
];

/** One request to a handler whose isolate outlives it, on a platform that ends a request's work with the request. */
export interface Step {
  readonly name: string;
  /** Waited before. */
  readonly afterMs: number;
  /** Status, and how often the issuer's keys were fetched by then. */
  readonly expected: `${number} after ${number} fetches`;
}

/** The first request is answered before the issuer is, and takes the fetch that it began with it. */
export const isolateSteps: readonly Step[] = [
  { name: 'the issuer is slow', afterMs: 0, expected: '503 after 1 fetches' },
  { name: 'another request asks again', afterMs: 0, expected: '200 after 2 fetches' },
  { name: 'the keys are kept', afterMs: 600, expected: '200 after 2 fetches' },
];

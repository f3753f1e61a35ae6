/** One request to a handler whose isolate outlives it, on a platform that ends a request's work with the request. */
export interface Step {
  readonly name: string;
  readonly course: IsolateCourse;
  /** Waited before. */
  readonly afterMs: number;
  /** Whether it is answered as soon as the provider is asked, and leaves what it began to its fate. */
  readonly leaves?: true;
  /** Status, and how often the course's provider was asked by then. */
  readonly expected: `${number} after ${number} fetches`;
}

/** Each has a handler and a provider of its own: keys of an issuer, or tokens or sessions of QuickBlox. */
export const isolateCourses = [
  'authorize',
  'authorize-left',
  'token',
  'token-left',
  'token-kept',
  'login-left',
] as const;
export type IsolateCourse = (typeof isolateCourses)[number];

/** The first request of each is answered before its provider is, and takes the fetch that it began with it. */
export const isolateSteps: readonly Step[] = [
  { name: 'the issuer is slow', course: 'authorize', afterMs: 0, expected: '503 after 1 fetches' },
  { name: 'another request asks again', course: 'authorize', afterMs: 0, expected: '200 after 2 fetches' },
  { name: 'the keys are kept', course: 'authorize', afterMs: 600, expected: '200 after 2 fetches' },
  { name: 'the caller leaves', course: 'authorize-left', afterMs: 0, leaves: true, expected: '202 after 1 fetches' },
  { name: 'another is not kept waiting', course: 'authorize-left', afterMs: 0, expected: '200 after 2 fetches' },
  { name: 'QuickBlox is slow', course: 'token', afterMs: 0, expected: '503 after 1 fetches' },
  { name: 'another request mints', course: 'token', afterMs: 0, expected: '200 after 2 fetches' },
  { name: 'the token is kept', course: 'token', afterMs: 600, expected: '200 after 2 fetches' },
  { name: 'the front end leaves', course: 'token-left', afterMs: 0, leaves: true, expected: '202 after 1 fetches' },
  { name: 'another is not kept waiting', course: 'token-left', afterMs: 0, expected: '200 after 2 fetches' },
  { name: 'QuickBlox is slow, and waited for', course: 'token-kept', afterMs: 0, expected: '503 after 1 fetches' },
  { name: 'its token is there', course: 'token-kept', afterMs: 600, expected: '200 after 1 fetches' },
  { name: 'who logs in leaves', course: 'login-left', afterMs: 0, leaves: true, expected: '202 after 1 fetches' },
  { name: 'another logs in', course: 'login-left', afterMs: 0, expected: '200 after 2 fetches' },
];

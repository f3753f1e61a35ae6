/** Something that goes wrong on demand. */
export type Fault =
  /** Answers with this status instead of asking the route. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly body?: string | undefined;
    }
  /** Ends the connection without an answer, before the route sees the request. */
  | { readonly kind: 'drop' }
  /** Lets the route do its work, then ends the connection without an answer. */
  | { readonly kind: 'drop-after' }
  /** Answers after so many milliseconds. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Lets the route do its work, then cuts the body in half. */
  | { readonly kind: 'malformed-body' };

/** Which exchanges a fault hits. */
export interface FaultScope {
  readonly method?: string | undefined;
  /** The beginning of the path; default any. */
  readonly path?: string | undefined;
  /** How many exchanges, default 1. */
  readonly times?: number | undefined;
}

/** The faults that an emulator will produce, first added first used. */
export interface FaultPlan {
  add(fault: Fault, scope?: FaultScope): void;
  clear(): void;
}

/** The plan as the scaffold sees it. */
export interface ReadableFaultPlan extends FaultPlan {
  /** Takes the first fault that fits the exchange. */
  take(method: string, path: string): Fault | undefined;
}

export function createFaultPlan(): ReadableFaultPlan {
  const planned: { fault: Fault; scope: FaultScope; left: number }[] = [];
  return {
    add(fault, scope = {}) {
      planned.push({ fault, scope, left: scope.times ?? 1 });
    },
    clear() {
      planned.length = 0;
    },
    take(method, path) {
      const found = planned.find(
        ({ scope, left }) =>
          left > 0 && (scope.method === undefined || scope.method === method) && path.startsWith(scope.path ?? ''),
      );
      if (found !== undefined) found.left -= 1;
      return found?.fault;
    },
  };
}

const mark = Symbol.for('@x/http.dropped');

/** What a dropped exchange rejects with: a `TypeError` as every platform's fetch uses for a broken connection. */
export function dropped(): TypeError {
  return Object.defineProperty(new TypeError('fetch failed'), mark, { value: true });
}

/** Tells a connection that an emulator dropped on purpose from a mistake. */
export function isDropped(error: unknown): boolean {
  return error instanceof TypeError && mark in error;
}

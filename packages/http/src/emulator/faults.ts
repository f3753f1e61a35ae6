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
  /** How many exchanges, from 1, default 1; `Infinity` until cleared. */
  readonly times?: number | undefined;
}

/** The faults that an emulator will produce, first added first used. */
export interface FaultPlan {
  /** @throws {RangeError} When a number of the fault or of its scope is out of range. */
  add(fault: Fault, scope?: FaultScope): void;
  clear(): void;
}

/** The plan as the scaffold sees it. */
export interface ReadableFaultPlan extends FaultPlan {
  /** Takes the first fault that fits the exchange. */
  take(method: string, path: string): Fault | undefined;
}

export function createFaultPlan(): ReadableFaultPlan {
  const planned: { fault: Fault; method: string | undefined; path: string; left: number }[] = [];
  return {
    add(fault, { method, path = '', times = 1 } = {}) {
      if (!(times >= 1)) throw new RangeError(`times must be from 1, got ${times}`);
      if (fault.kind === 'latency' && !(fault.ms >= 0)) throw new RangeError(`ms must be from 0, got ${fault.ms}`);
      if (fault.kind === 'status' && !(fault.status >= 200 && fault.status <= 599)) {
        throw new RangeError(`status must be from 200 to 599, got ${fault.status}`);
      }
      planned.push({ fault, method: method?.toUpperCase(), path, left: times });
    },
    clear() {
      planned.length = 0;
    },
    take(method, path) {
      const index = planned.findIndex(
        (one) => (one.method === undefined || one.method === method) && path.startsWith(one.path),
      );
      const found = planned[index];
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left < 1) planned.splice(index, 1);
      return found.fault;
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

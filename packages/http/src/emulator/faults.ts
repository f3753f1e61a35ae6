import type { RandomSource } from '@x/crypto/light';
import { inRange } from '../number-options.ts';
import { uniform } from '../uniform.ts';

/** Something that goes wrong on demand. */
export type Fault =
  /** Answers with this status instead of asking the route. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly body?: string | undefined;
      /** Asks to wait, in a form that RFC 9110 §10.2.3 has, default `seconds`; a date comes with the emulator's own. */
      readonly retryAfter?: { readonly seconds: number; readonly form?: 'seconds' | 'date' | undefined } | undefined;
    }
  /** Ends the connection without an answer, before the route sees the request. */
  | { readonly kind: 'drop' }
  /** Lets the route do its work, then ends the connection without an answer. */
  | { readonly kind: 'drop-after' }
  /** Resets the connection, before the route sees the request. */
  | { readonly kind: 'reset' }
  /** Lets the route do its work, sends half of the body and ends the connection. */
  | { readonly kind: 'drop-body' }
  /** Lets the route do its work, sends half of the body and resets the connection. */
  | { readonly kind: 'reset-body' }
  /** Asks the route after so many milliseconds, which the emulator's `sleep` waits for. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Lets the route do its work, then cuts the body in half; the answer is otherwise whole. */
  | { readonly kind: 'malformed-body' }
  /** Lets the route do its work, then adds to the body what makes any JSON invalid. */
  | { readonly kind: 'malformed-json' }
  /** Lets the route do its work, then calls the body something else; default `text/html`. */
  | { readonly kind: 'content-type'; readonly type?: string | undefined };

/** Which exchanges a fault hits. */
export interface FaultScope {
  readonly method?: string | undefined;
  /** The beginning of the path; default any. */
  readonly path?: string | undefined;
  /** The pattern of one route, as the emulator has it: `/users/:id`. One that it has not is refused. */
  readonly route?: string | undefined;
  /** How many exchanges, from 1, default 1; `Infinity` until cleared. */
  readonly times?: number | undefined;
}

/** Which exchanges a fault of {@link FaultPlan.add} hits. */
export interface AddedFaultScope extends FaultScope {
  /**
   * The chance, above 0 and up to 1, that an exchange in scope is hit; drawn from the emulator's `random`, so that a
   * seed repeats it. Default 1. Where it is given, `times` is `Infinity` unless it is given too.
   */
  readonly probability?: number | undefined;
}

/** One fault of a mix. */
export interface FaultShare {
  readonly fault: Fault;
  /** Its share of the exchanges in scope, above 0. */
  readonly probability: number;
}

/** The faults that an emulator will produce, first added first used. */
export interface FaultPlan {
  /**
   * Adds a fault.
   *
   * @throws {TypeError} For an unknown kind or member of the scope, which would break nothing, or everything.
   * @throws {RangeError} When a number of the fault or of its scope is out of range.
   * @example
   * emulator.faults.add({ kind: 'status', status: 429, retryAfter: { seconds: 60 } }, { path: '/orders', times: 2 });
   */
  add(fault: Fault, scope?: AddedFaultScope): void;
  /**
   * Adds faults of which one at most hits an exchange: their shares are exact, and one number is drawn for all.
   *
   * `times` counts the exchanges that are hit, default `Infinity`.
   *
   * @throws {RangeError} When a number is out of range, or the shares exceed 1 together.
   * @example
   * emulator.faults.mix([
   *   { fault: { kind: 'reset' }, probability: 0.05 },
   *   { fault: { kind: 'status', status: 503 }, probability: 0.05 },
   * ]);
   */
  mix(shares: readonly FaultShare[], scope?: FaultScope): void;
  clear(): void;
}

/** What a plan decides by. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  /** The pattern of the route that would answer. */
  readonly route: string | undefined;
}

/** The plan as the scaffold sees it. */
export interface ReadableFaultPlan extends FaultPlan {
  /** Takes the first fault that fits the exchange. */
  take(target: FaultTarget): Fault | undefined;
}

interface Planned {
  readonly shares: readonly FaultShare[];
  readonly method: string | undefined;
  readonly path: string;
  readonly route: string | undefined;
  left: number;
}

/**
 * @param random What probabilities are drawn from; faults without one draw nothing.
 * @param routes The patterns that there are. A fault of another would never strike, and its test pass all the same.
 */
export function createFaultPlan(random: RandomSource, routes: readonly string[]): ReadableFaultPlan {
  const planned: Planned[] = [];

  function mix(shares: readonly FaultShare[], scope: FaultScope = {}): void {
    const { method, path = '', route, times = Number.POSITIVE_INFINITY } = scope;
    for (const name of Object.keys(scope)) {
      if (!scopeNames.includes(name)) throw new TypeError(`${name} is no scope of a fault`);
    }
    if (!(times >= 1)) throw new RangeError(`times must be from 1, got ${times}`);
    if (route !== undefined && !routes.includes(route)) {
      throw new RangeError(`route must be one of the emulator's, got ${route}`);
    }
    let sum = 0;
    for (const { fault, probability } of shares) {
      if (!(probability > 0)) throw new RangeError(`probability must be above 0, got ${probability}`);
      assertFault(fault);
      sum += probability;
    }
    // sums of fractions may miss a whole by a rounding error
    if (sum > 1 + 1e-9) throw new RangeError(`probability must be up to 1 in all, got ${sum}`);
    planned.push({ shares, method: method?.toUpperCase(), path, route, left: times });
  }

  return {
    mix,
    add(fault, { probability, times, ...scope } = {}) {
      const always = probability === undefined;
      mix([{ fault, probability: probability ?? 1 }], { ...scope, times: times ?? (always ? 1 : undefined) });
    },
    clear() {
      planned.length = 0;
    },
    take(target) {
      for (const one of planned) {
        const fault = fits(one, target) ? draw(one.shares, random) : undefined;
        if (fault === undefined) continue;
        one.left -= 1;
        if (one.left < 1) planned.splice(planned.indexOf(one), 1);
        return fault;
      }
      return undefined;
    },
  };
}

const scopeNames: readonly string[] = ['method', 'path', 'route', 'times'] satisfies (keyof FaultScope)[];
const kinds: Readonly<Record<Fault['kind'], true>> = {
  status: true,
  drop: true,
  'drop-after': true,
  reset: true,
  'drop-body': true,
  'reset-body': true,
  latency: true,
  'malformed-body': true,
  'malformed-json': true,
  'content-type': true,
};

function assertFault(fault: Fault): void {
  if (!Object.hasOwn(kinds, fault.kind)) throw new TypeError(`kind must be one of ${Object.keys(kinds).join(', ')}`);
  if (fault.kind === 'latency' && !(fault.ms >= 0)) throw new RangeError(`ms must be from 0, got ${fault.ms}`);
  if (fault.kind !== 'status') return;
  inRange('status', fault.status, 200, 599);
  if (fault.body !== undefined && [204, 205, 304].includes(fault.status)) {
    throw new RangeError(`status must be one that has a body, got ${fault.status}`);
  }
  if (fault.retryAfter === undefined) return;
  const { seconds, form = 'seconds' } = fault.retryAfter;
  if (form !== 'seconds' && form !== 'date') throw new TypeError('retryAfter.form must be seconds or date');
  if (!(Number.isInteger(seconds) && seconds >= 0)) {
    throw new RangeError(`retryAfter.seconds must be a whole number from 0, got ${seconds}`);
  }
}

function fits({ method, path, route }: Planned, target: FaultTarget): boolean {
  if (method !== undefined && method !== target.method) return false;
  return target.path.startsWith(path) && (route === undefined || route === target.route);
}

/** One fault by its share, or none. */
function draw(shares: readonly FaultShare[], random: RandomSource): Fault | undefined {
  const [only] = shares;
  if (only?.probability === 1) return only.fault;
  let drawn = uniform(random);
  for (const { fault, probability } of shares) {
    if (drawn < probability) return fault;
    drawn -= probability;
  }
  return undefined;
}

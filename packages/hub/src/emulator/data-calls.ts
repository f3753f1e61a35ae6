import type { JsonValue } from '@x/crypto';
import { type Check, type Journal, maskSecret } from '@x/http/emulator';
import { type Judgement, judgeNotifications, judgeTimeline } from './judge.ts';
import type { EmulatorApp, Link } from './registry.ts';
import type { Transport } from './transport.ts';

/** How the emulated Hub asks. */
export interface AskOptions {
  /** Which app; may be left out where there is only one. */
  readonly app?: string | undefined;
  /** `browser` sends a preflight first, and goes on only where a browser would. Default `server`. */
  readonly from?: 'server' | 'browser' | undefined;
  /** `reserialized` sends `auth` as another JSON library would write it. Default `verbatim`. */
  readonly auth?: 'verbatim' | 'reserialized' | undefined;
}

/** What a timeline request is about. */
export interface TimelineOptions extends AskOptions {
  /** Addresses of the people in view; default none. */
  readonly emails?: readonly string[] | undefined;
  /** Numbers of the people in view; default none. */
  readonly phoneNumbers?: readonly string[] | undefined;
  /** What the user typed; default nothing is searched for. */
  readonly search?: string | undefined;
}

/** What an app answered and what Hub makes of it. */
export interface AskResult {
  /** 0 when a browser would not have sent the request. */
  readonly status: number;
  /** The JSON of the answer; undefined when there is none. */
  readonly body: unknown;
  /** Also warnings in the journal; empty for a good answer and for a refusal. */
  readonly violations: readonly string[];
  readonly refreshAtMs: number | undefined;
}

/** One call to make. */
export interface Ask extends AskOptions {
  readonly kind: 'notifications' | 'timeline' | 'action';
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  /** Members of the body beside `auth`. */
  readonly members: Readonly<Record<string, JsonValue>>;
}

/** What {@link createAsker} works with. */
export interface AskerParts {
  readonly transportFor: (app: EmulatorApp) => Transport;
  readonly journal: Journal;
  readonly origin: () => string;
  readonly clock: () => number;
}

/**
 * Makes the function that asks an app about a linked user.
 *
 * Documented: method, paths, members. Observed: preflights before each POST when browsers call. Assumed: a JSON
 * content type, and that `auth` is the first member.
 *
 * @see Hub fact sheet §3.1, §13
 */
export function createAsker({
  transportFor,
  journal,
  origin,
  clock,
}: AskerParts): (link: Link, ask: Ask) => Promise<AskResult> {
  return async (link, { kind, method, path, members, from = 'server', auth: form = 'verbatim' }) => {
    const { app } = link;
    const transport = transportFor(app);
    const url = `${app.baseUrl}${path}`;
    const checks: Check[] = [];
    const violations: string[] = [];
    const crossOrigin: Record<string, string> = from === 'browser' ? { origin: origin() } : {};
    if (from === 'browser') {
      const preflight = await transport(
        new Request(url, {
          method: 'OPTIONS',
          headers: {
            ...crossOrigin,
            'access-control-request-method': method,
            'access-control-request-headers': 'content-type',
          },
        }),
      );
      const problem = preflightProblem(preflight, method, origin());
      journal.record({
        method: 'OPTIONS',
        url,
        status: preflight.status,
        checks: [{ name: 'preflight', ok: problem === undefined }],
      });
      if (problem !== undefined) {
        const violation = `a browser would not send the request: ${problem}`;
        journal.record({ method, url, status: undefined, warnings: [violation] });
        return { status: 0, body: undefined, violations: [violation], refreshAtMs: undefined };
      }
    }

    const auth = form === 'verbatim' ? link.auth : JSON.stringify(JSON.parse(link.auth));
    const rest = Object.entries(members).map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`);
    const isPublic = app.visibility === 'public';
    const body = isPublic ? JSON.stringify(members) : `{"auth":${auth}${rest.join('')}}`;
    const response = await transport(
      new Request(url, { method, headers: { ...crossOrigin, 'content-type': 'application/json' }, body }),
    );
    checks.push({ name: 'auth', ok: response.status !== 401, detail: maskSecret(auth) });
    const answer = await readJson(response);
    let refreshAtMs: number | undefined;
    if (response.ok) {
      if (response.status !== 200) violations.push(`the status is ${response.status}, not 200`);
      const judgement = judge(kind, answer, clock());
      ({ refreshAtMs } = judgement);
      violations.push(...judgement.violations);
      const readable = from !== 'browser' || response.headers.get('access-control-allow-origin') === origin();
      if (!readable) violations.push('a browser would not let the page read the answer');
    } else if (response.status < 400) violations.push(`the status is ${response.status}, a redirect`);
    checks.push({ name: 'answer', ok: violations.length === 0 });
    journal.record({ method, url, status: response.status, checks, warnings: violations });
    return { status: response.status, body: answer, violations, refreshAtMs };
  };
}

function judge(kind: Ask['kind'], body: unknown, nowMs: number): Judgement {
  if (kind === 'notifications') return judgeNotifications(body, nowMs);
  return kind === 'timeline' ? judgeTimeline(body, nowMs) : { refreshAtMs: undefined, violations: [] };
}

function preflightProblem({ ok, headers }: Response, method: string, origin: string): string | undefined {
  if (!ok) return 'the preflight is not answered with 2xx';
  if (headers.get('access-control-allow-origin') !== origin) return 'the preflight does not allow the origin';
  const allows = (field: string, value: string): boolean =>
    (headers.get(field) ?? '').split(',').some((entry) => entry.trim().toLowerCase() === value.toLowerCase());
  if (method !== 'POST' && !allows('access-control-allow-methods', method))
    return `the preflight does not allow ${method}`;
  return allows('access-control-allow-headers', 'content-type')
    ? undefined
    : 'the preflight does not allow Content-Type';
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text());
  } catch {
    return undefined;
  }
}

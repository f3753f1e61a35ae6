import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { type Answer, baseError } from './answers.ts';
import { type Caller, createAuthenticate } from './authenticate.ts';
import { type Body, readBody } from './body.ts';
import type { EmulatorState } from './state.ts';

/** One call of a resource, by a caller who is known. */
export interface ResourceCall extends Caller {
  readonly exchange: Exchange;
  /** Empty when there is none. */
  readonly body: Body;
  /** A parameter of the path, without `.json`, percent-decoded. */
  param(name: string): string;
  /** Answers, with the session's end where the caller has one. */
  answer(status: number, body?: unknown): Response;
  /** Answers with `{"errors":{"base":[text]}}`. */
  refuse(status: number, text: string): Response;
  /** Answers with the content of a file. */
  file(content: Blob, contentType: string): Response;
}

/** Answers a call. */
export type HandleResource = (call: ResourceCall) => Response | Promise<Response>;

/** Makes the routes of resources. */
export interface ResourceRoutes {
  /** For whoever has a token or an API key. */
  open(method: string, path: string, handle: HandleResource): EmulatorRoute;
  /** For users only: by their own session, or an API key on behalf of them. */
  forUser(method: string, path: string, handle: HandleResource): EmulatorRoute;
}

/**
 * Makes routes that know their caller before they do anything.
 *
 * That an application's session is refused where a user is needed was seen, with this text and status (QuickBlox fact
 * sheet §6.3). That an API key without `On-Behalf-Of` is refused in the same way is assumed (§2).
 */
export function createResourceRoutes(state: EmulatorState, answer: Answer): ResourceRoutes {
  const authenticate = createAuthenticate(state, answer);

  function route(method: string, path: string, handle: HandleResource): EmulatorRoute {
    return {
      method,
      path,
      async handle(exchange) {
        const params = decodeAll(exchange.params);
        if (params === undefined) return answer(exchange, { status: 404, body: { code: 404, message: 'Not found' } });
        const caller = authenticate(exchange);
        if (caller instanceof Response) return caller;
        const expiresAtMs = caller.session?.expiresAtMs;
        const reply = (status: number, body?: unknown): Response => answer(exchange, { status, body, expiresAtMs });
        const call = {
          ...caller,
          exchange,
          param: (name: string) => params[name] ?? '',
          answer: reply,
          refuse: (status: number, text: string) => reply(status, baseError(text)),
          file: (content: Blob, contentType: string) =>
            fileAnswer(answer(exchange, { status: 200, expiresAtMs }), content, contentType),
        };
        if (isUpload(exchange)) return handle({ ...call, body: {} });
        const body = await readBody(exchange);
        return body === undefined ? call.refuse(400, 'Bad request') : handle({ ...call, body });
      },
    };
  }

  return {
    open: route,
    forUser: (method, path, handle) =>
      route(method, path, (call) => {
        if (call.exchange.check('user', call.userId !== 0)) return handle(call);
        return call.refuse(422, 'Forbidden. Need user.');
      }),
  };
}

/** The content of a file, with the header fields of an answer. */
export function fileAnswer({ headers }: Response, content: Blob, contentType: string): Response {
  if (contentType !== '') headers.set('content-type', contentType);
  return new Response(content, { headers });
}

/** Parameters of a path without `.json`; undefined when one is not percent-encoded UTF-8, which names nothing. */
function decodeAll(params: Exchange['params']): Readonly<Record<string, string>> | undefined {
  try {
    const decoded = Object.entries(params).map(([name, text]) => [
      name,
      decodeURIComponent(text.replace(/\.json$/, '')),
    ]);
    return Object.fromEntries(decoded);
  } catch {
    return undefined;
  }
}

/** Forms with files are read by their own routes. */
function isUpload({ request }: Exchange): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get('content-type') ?? '');
}

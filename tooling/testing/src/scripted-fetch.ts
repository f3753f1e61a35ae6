import * as assert from 'uvu/assert';

/** One scripted answer: a response, or a function of the request that gives one or throws. */
export type ScriptedAnswer = Response | ((request: Request) => Response | Promise<Response>);

/** A fetch that answers from a script and remembers what it was asked. */
export interface ScriptedFetch {
  (input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  readonly requests: readonly Request[];
  /** Fails the test when an answer was never asked for. */
  assertConsumed(): void;
}

/** Answers calls in order and fails on one that the script does not foresee. */
export function scriptedFetch(answers: readonly ScriptedAnswer[]): ScriptedFetch {
  const requests: Request[] = [];
  const left = [...answers];
  const scripted = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    requests.push(request.clone());
    const answer = left.shift();
    if (answer === undefined) return assert.unreachable(`unexpected ${request.method} ${request.url}`) as never;
    return typeof answer === 'function' ? answer(request) : answer;
  };
  return Object.assign(scripted, {
    requests,
    assertConsumed: () => assert.is(left.length, 0, `${left.length} scripted answers were never asked for`),
  });
}

import type { Check } from '@x/http/emulator';
import { isRedirect, type SendResult } from './send.ts';

/** What the emulator makes of one answer. */
export interface Judgement {
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
}

/** Milliseconds that an answer should not exceed, by HypeLabs fact sheet §5 row 16. */
const quickMs = 5000;

/** Fields that servers add, and that differ between two equal answers. */
const hopFields: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

/**
 * Makes a judge of answers, which remembers what a denial looks like.
 *
 * HypeLabs reads nothing but the status; the judge asserts what a careful authorization service does besides.
 *
 * @see HypeLabs fact sheet §10.
 */
export function createAnswerJudge(): (result: SendResult, durationMs: number) => Judgement {
  let firstDenial: string | undefined;
  return (result, durationMs) => {
    if (result.kind !== 'answer')
      return { checks: [{ name: 'answered', ok: false, detail: result.kind }], warnings: [] };
    const checks: Check[] = [
      { name: 'answered', ok: true, detail: String(result.status) },
      { name: 'answered-quickly', ok: durationMs <= quickMs, detail: `${durationMs} ms` },
      { name: 'no-redirect', ok: !isRedirect(result) && !result.headers.has('location') },
    ];
    if (result.status === 401 || result.status === 403) {
      const denial = appearance(result);
      firstDenial ??= denial;
      checks.push({ name: 'denials-identical', ok: denial === firstDenial });
    }
    return { checks, warnings: checks.filter(({ ok }) => !ok).map(({ name }) => warningOf[name] ?? name) };
  };
}

const warningOf: Readonly<Record<string, string>> = {
  'answered-quickly': 'the authorization service took longer than 5 seconds',
  'no-redirect': 'the authorization service answered with a redirect, which is never a yes',
  'denials-identical': 'two denials differ, which tells a stranger why each was made',
};

/** All that a caller can see of an answer, as one text. */
export function appearance({ status, headers, body }: Extract<SendResult, { kind: 'answer' }>): string {
  const fields = [...headers].filter(([name]) => !hopFields.has(name));
  return JSON.stringify([status, fields, body]);
}

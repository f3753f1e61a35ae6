import type { SignatureMistake } from './findings.ts';
import type { Pair } from './received.ts';

/** A mistake, with the parameter that it concerns. */
export interface Mistake {
  readonly mistake: SignatureMistake;
  readonly name?: string | undefined;
}

/** The signed text while it is put together. */
export interface Draft {
  readonly pairs: readonly Pair[];
  readonly compare: ((a: Pair, b: Pair) => number) | undefined;
  readonly separator: string;
  readonly edit: (text: string) => string;
}

/** A mistake as a change of the draft, which stays as it is where the mistake cannot have been made. */
export interface Change extends Mistake {
  readonly apply: (draft: Draft) => Draft;
}

/** Changes the pairs alone. */
export function keeping(change: (pairs: readonly Pair[]) => readonly Pair[]): Change['apply'] {
  return (draft) => ({ ...draft, pairs: change(draft.pairs) });
}

/** Changes every value. */
export function onValues(change: (value: string, name: string) => string): Change['apply'] {
  return keeping((pairs) => pairs.map(([name, value]) => [name, change(value, name)]));
}

/** Changes every name. */
export function onNames(change: (name: string) => string): Change['apply'] {
  return keeping((pairs) => pairs.map(([name, value]) => [change(name), value]));
}

/** What a failure lists when the text might as well end. */
export const endOfText = 'end of text';

/** Reads a text word by word and remembers what it tried since it last moved on. */
export interface TokenReader {
  /** Moves past the token at the current position when it is one of the choices. */
  take<Choice extends string>(choices: readonly Choice[]): Choice | undefined;
  /** Where the reader stands, and every choice that it tried there in vain. */
  state(): { readonly position: number; readonly expected: readonly string[] };
}

/** Reads words of lower-case letters and underscores, any other code unit alone, and the end. */
export function createTokenReader(text: string): TokenReader {
  const token = /[a-z_]+|./sy;
  let position = 0;
  let expected: string[] = [];
  return {
    take(choices) {
      token.lastIndex = position;
      const seen = token.exec(text)?.[0] ?? endOfText;
      const choice = choices.find((known) => known === seen);
      if (choice === undefined) {
        expected.push(...choices);
        return undefined;
      }
      if (seen !== endOfText) position += seen.length;
      expected = [];
      return choice;
    },
    state: () => ({ position, expected: [...expected] }),
  };
}

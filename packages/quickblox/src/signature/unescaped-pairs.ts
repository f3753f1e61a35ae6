import type { SignatureMistake } from './findings.ts';
import { isDocumented } from './mask.ts';
import { type Pair, type Received, splitPart } from './received.ts';

/** Parameters as they were perhaps meant, before a form was written without escaping. */
export interface UnescapedPairs {
  readonly pairs: readonly Pair[];
  readonly mistakes: readonly { readonly mistake: SignatureMistake; readonly name: string }[];
}

/** What a name of nobody's may have been part of: other values hold no ampersand. */
const freeText = /^(?:user\[password\]|keys\[\w+\]|firebase_phone\[\w+\]|scope)$/;

/**
 * Puts values together again that an ampersand has ended, where the name behind it is one that nobody knows.
 *
 * @see QuickBlox fact sheet §4.3, rules 3 and 8, and vector E2 of §9.
 */
export function* unescapedPairs({ parts }: Received): Generator<UnescapedPairs> {
  const whole: string[] = [];
  let ended: string | undefined;
  for (const part of parts) {
    const before = decode(splitPart(whole.at(-1) ?? '')[0]);
    if (isDocumented(decode(splitPart(part)[0])) || !freeText.test(before)) whole.push(part);
    else {
      whole.push(`${whole.pop()}&${part}`);
      ended = before;
    }
  }
  if (ended === undefined) return;
  const ampersand = { mistake: 'ampersand-unescaped', name: ended } as const;
  const plus = { mistake: 'plus-unescaped', name: ended } as const;
  const raw = whole.map(splitPart).filter(([name]) => decode(name) !== 'signature');
  const readings = [
    { read: decode, mistakes: [ampersand] },
    { read: (text: string) => decode(text.replaceAll('+', '%2B')), mistakes: [ampersand, plus] },
    { read: (text: string) => text, mistakes: [ampersand, plus] }, // a percent sign was not escaped either
  ];
  for (const { read, mistakes } of readings) {
    yield { pairs: raw.map(([name, value]) => [decode(name), read(value)]), mistakes };
  }
}

/** The form was read before, so its escapes are right. */
function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

import { Buffer } from 'node:buffer';
import { inspect } from 'node:util';

/** Every way in which a secret may be written where it should not be. */
export function formsOf(marker: string): readonly string[] {
  const bytes = Buffer.from(marker);
  // base64 of a text within a longer one depends on where it begins: three ways, without the ends that neighbours share
  const shifted = [0, 1, 2].map((before) =>
    Buffer.from(`${' '.repeat(before)}${marker}`)
      .toString('base64')
      .replaceAll('=', '')
      .slice(before === 0 ? 0 : 4, -2),
  );
  return [
    marker,
    encodeURIComponent(marker),
    new URLSearchParams({ '': marker }).toString().slice(1),
    JSON.stringify(marker).slice(1, -1),
    ...shifted,
    ...shifted.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    [...bytes].join(','), // a typed array as text
    [...bytes].join(', '),
  ];
}

/** Everything that a program prints of an error, and of all its causes. */
export function printedForms(error: unknown): readonly string[] {
  const printed: string[] = [];
  for (let current = error, depth = 0; current !== undefined && depth < 10; depth += 1) {
    const { message, stack, cause } = current as { message?: unknown; stack?: unknown; cause?: unknown };
    printed.push(String(current), String(message), String(stack), JSON.stringify(current) ?? '');
    printed.push(JSON.stringify(current, Object.getOwnPropertyNames(current)) ?? '');
    printed.push(inspect(current, { depth: null, showHidden: true, getters: true, maxStringLength: null }));
    printed.push(inspect(current, { depth: null, showProxy: true }));
    current = cause;
  }
  return printed;
}

/** The forms of a marker that can be found in texts, each with where it was found. */
export function leaksIn(texts: readonly string[], marker: string): readonly string[] {
  return formsOf(marker).flatMap((form) =>
    texts.filter((text) => text.includes(form)).map((text) => `${form} in ${text.slice(0, 300)}`),
  );
}

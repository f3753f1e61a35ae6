/**
 * Finds the exact text of one member of a JSON object, as it was sent.
 *
 * @param text JSON that has been parsed already and is an object.
 * @returns The text of the last member of that name, which is the one that parsers keep; undefined when there is none.
 */
export function rawMember(text: string, name: string): string | undefined {
  let found: string | undefined;
  let index = skipSpace(text, 0) + 1; // behind the brace
  for (;;) {
    index = skipSpace(text, index);
    if (text[index] !== '"') return found;
    const nameEnd = skipValue(text, index);
    const isWanted = JSON.parse(text.slice(index, nameEnd)) === name;
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1); // behind the colon
    const end = skipValue(text, start);
    if (isWanted) found = text.slice(start, end);
    index = skipSpace(text, end);
    if (text[index] !== ',') return found;
    index += 1;
  }
}

function skipSpace(text: string, index: number): number {
  let at = index;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at += 1;
  return at;
}

/** The index behind the value that begins here. */
function skipValue(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let index = start; index < text.length; index += 1) {
    const sign = text[index] ?? '';
    if (inString) {
      if (sign === '\\') index += 1;
      else if (sign === '"') inString = false;
      if (!inString && depth === 0) return index + 1;
    } else if (sign === '"') inString = true;
    else if (sign === '{' || sign === '[') depth += 1;
    else if (depth === 0 && ',}] \t\r\n:'.includes(sign)) return index;
    else if (sign === '}' || sign === ']') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return text.length;
}

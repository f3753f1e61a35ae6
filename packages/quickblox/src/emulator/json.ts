/** Deeper than anything that is documented; what nests without end cannot be written again. */
const maxDepth = 64;

/**
 * Reads JSON as far as a server can keep and tell it.
 *
 * @returns Undefined when it does not parse, nests too deep, or has text that is no Unicode; assumed, as the depth is.
 */
export function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTellable(value, maxDepth) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads JSON with each number as the text that stands for it.
 *
 * @returns Undefined also when an object names a member twice, as forms are refused that do: which of them would count is
 *   not known.
 * @see QuickBlox fact sheet §4.3, rule 7: what was signed is the text.
 */
export function readJsonTexts(text: string): unknown {
  if (readJson(text) === undefined || isMemberRepeated(text)) return undefined;
  return readJson(
    text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (part) => (part[0] === '"' ? part : `"${part}"`)),
  );
}

/** @param text JSON. */
function isMemberRepeated(text: string): boolean {
  const open: Set<string>[] = [];
  for (const [, string = '', colon, bracket] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*(:)?|([{}[\]])/g)) {
    if (bracket === '{' || bracket === '[') open.push(new Set());
    else if (bracket !== undefined) open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(string);
      if (open.at(-1)?.has(name)) return true;
      open.at(-1)?.add(name);
    }
  }
  return false;
}

function isTellable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.entries(value).every(([name, member]) => name.isWellFormed() && isTellable(member, depth - 1));
}

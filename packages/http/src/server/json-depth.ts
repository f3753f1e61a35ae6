const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Tells whether arrays and objects nest deeper than so many levels, without parsing them.
 *
 * @param json UTF-8; no byte of its longer sequences looks like a bracket, a quote or a backslash.
 */
export function nestsDeeper(json: Uint8Array, levels: number): boolean {
  return opensMore(json, levels) && climbsAbove(json, levels);
}

/** Few bodies open so many brackets at all, and the platform counts faster than a loop looks at every byte. */
function opensMore(json: Uint8Array, most: number): boolean {
  let count = 0;
  for (const bracket of [openBrace, openBracket]) {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > most) return true;
    }
  }
  return false;
}

/** Follows the brackets that are not part of a text. */
function climbsAbove(json: Uint8Array, levels: number): boolean {
  let level = 0;
  let inText = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (inText) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) {
      inText = true;
    } else if (byte === openBrace || byte === openBracket) {
      level += 1;
      if (level > levels) return true;
    } else if (byte === closeBrace || byte === closeBracket) {
      level -= 1;
    }
  }
  return false;
}

/** The culture of the thread that sorts: `ordinal` by code unit, `en` and `da` as .NET sorts by default there. */
export type Culture = 'ordinal' | 'en' | 'da';

/**
 * Sorts texts of letters, digits and dashes as a culture does: without regard to case at first, small before capital
 * letters among otherwise equal texts, and in Danish `aa` as one letter after `z`.
 *
 * Written out rather than asked of the platform, so that it sorts alike where the platform knows no Danish.
 *
 * @see Nexudus fact sheet §3.4 (measured, not documented).
 */
export function cultureSort(texts: readonly string[], culture: Culture): string[] {
  if (culture === 'ordinal') return [...texts].sort(byCodeUnit);
  return [...texts].sort(
    (left, right) =>
      byCodeUnit(primaryKey(left, culture), primaryKey(right, culture)) || byCodeUnit(swapCase(left), swapCase(right)),
  );
}

/** One sign per letter: a dash comes before digits and digits before letters, as they do by code unit. */
function primaryKey(text: string, culture: 'en' | 'da'): string {
  const lower = text.toLowerCase();
  return culture === 'da' ? lower.replaceAll('aa', '~') : lower;
}

function swapCase(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) => {
    const lower = letter.toLowerCase();
    return letter === lower ? letter.toUpperCase() : lower;
  });
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** How the emulator writes an application key or an installation token. */
export type Spelling = 'plain' | 'upper' | 'dashed';

/** Writes 32 hex digits as Nexudus might: as they are, in capitals, or with the dashes of a GUID. */
export function spell(digits: string, spelling: Spelling): string {
  if (spelling === 'upper') return digits.toUpperCase();
  if (spelling === 'plain') return digits;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

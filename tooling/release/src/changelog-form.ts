/**
 * Finds what a reader who has never seen the repository would stumble over in a changelog.
 *
 * @param versions The versions it must begin with, newest first.
 */
export function changelogFaults(changelog: string, versions: readonly string[]): string[] {
  const faults: string[] = [];
  const told = [...changelog.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
  if (told.slice(0, versions.length).join() !== versions.join()) {
    faults.push(`it tells of ${told.join(', ')}, not of ${versions.join(', ')}`);
  }
  if (!/^# @x\/[a-z]+\n/.test(changelog)) faults.push('it does not begin with the name of its package');
  for (const line of changelog.split('\n')) {
    if (line === '' || line.startsWith('#')) {
      if (/^### /.test(line) && !/^### (?:Major|Minor|Patch) Changes$/.test(line))
        faults.push(`“${line}” is no heading`);
    } else {
      if (!/^(?:- |\s{2})/.test(line)) faults.push(`“${line}” belongs to no change`);
      if (!/[.:;,)`\w]$/.test(line)) faults.push(`“${line}” ends oddly`);
    }
    if (/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b/.test(line))
      faults.push(`“${line}” has a hash that says nothing to a reader`);
    if (line.startsWith('- ') && !/^- [A-Z]/.test(line)) faults.push(`“${line}” does not begin as a sentence`);
  }
  for (const section of changelog.split(/^## /m).slice(1)) {
    if (!/^- /m.test(section)) faults.push(`${section.split('\n')[0]} says nothing`);
  }
  return faults;
}

const reasons: string[] = [];

/** Says loudly that tests were left out because something they need is not on this machine. */
export function leaveOut(what: string, missing: string): void {
  reasons.push(`${what}: ${missing}`);
  console.error(`\n  LEFT OUT  ${what}: ${missing}\n`);
}

/** What has been left out in this process so far. */
export function leftOut(): readonly string[] {
  return reasons;
}

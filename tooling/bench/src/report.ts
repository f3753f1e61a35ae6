import type { Measured } from './measure.ts';

/** Prints contenders as ratios to the first, above 1 being slower than it, and how far their rounds lay apart. */
export function reportRatios(title: string, measured: readonly Measured[]): void {
  const [base] = measured;
  console.log(`\n${title}`);
  for (const { name, medianNs, spread } of measured) {
    const ratio = medianNs / (base?.medianNs ?? medianNs);
    const columns = [
      formatNs(medianNs).padStart(11),
      `${ratio.toFixed(2)}×`.padStart(9),
      `± ${(spread * 50).toFixed(0)} %`,
    ];
    console.log(`  ${name.padEnd(34)} ${columns.join('  ')}`);
  }
}

/** Prints whether a target was met; a bench tells, it does not judge. */
export function reportTarget(text: string, seen: number, met: boolean): void {
  console.log(formatTarget(text, seen, met));
}

/** The line that says whether a target was met. */
export function formatTarget(text: string, seen: number, met: boolean): string {
  return `  ${met ? 'met   ' : 'MISSED'}  ${text}: ${seen.toFixed(2)}`;
}

function formatNs(ns: number): string {
  if (ns < 1000) return `${ns.toFixed(0)} ns`;
  return ns < 1e6 ? `${(ns / 1000).toFixed(2)} µs` : `${(ns / 1e6).toFixed(2)} ms`;
}

import { constantTimeEqual } from '@x/crypto';
import { createMoments, welchT } from './welch.ts';

type Equal = (a: string, b: string) => boolean;

/** Above this, dudect takes two classes of inputs for told apart. */
const threshold = 4.5;

/**
 * Tells whether a comparison's time depends on where the difference is, as dudect does: two classes of inputs in
 * random order, Welch's t over the times below a percentile.
 *
 * @see Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017.
 */
function timingT(equal: Equal, samples: number): number {
  const secret = freshText('s'.repeat(4096));
  const classes = [freshText(`t${'s'.repeat(4095)}`), freshText(`${'s'.repeat(4095)}t`)] as const;
  const repeats = 16;
  const times: [cls: number, ns: number][] = [];
  let equals = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    const cls = Math.random() < 0.5 ? 0 : 1;
    const guess = classes[cls];
    const startedNs = process.hrtime.bigint();
    for (let repeat = 0; repeat < repeats; repeat += 1) equals += Number(equal(secret, guess));
    times.push([cls, Number(process.hrtime.bigint() - startedNs)]);
  }
  // counted, so that the comparisons are not optimised away
  if (equals !== 0) throw new Error('texts that differ were called equal');
  // Interrupts make a long tail that hides the difference; dudect cuts it off.
  const sorted = times.map(([, ns]) => ns).sort((a, b) => a - b);
  const limit = sorted[Math.floor(sorted.length * 0.9)] ?? Number.POSITIVE_INFINITY;
  const moments = [createMoments(), createMoments()] as const;
  for (const [cls, ns] of times) if (ns <= limit) moments[cls === 0 ? 0 : 1].add(ns);
  return welchT(moments[0], moments[1]);
}

/** A text with memory of its own, so that neither comparison answers by identity. */
function freshText(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/** Reports both: the control must be told apart, ours must not. */
export function benchTiming(): void {
  const samples = 150_000;
  console.log(`\nTime of a comparison by place of the difference (|t| above ${threshold}: told apart)`);
  const control = Math.abs(timingT((a, b) => a === b, samples));
  const ours = Math.abs(timingT((a, b) => constantTimeEqual(a, b), samples / 5));
  console.log(
    `  ===                 |t| = ${control.toFixed(1).padStart(8)}  ${control > threshold ? 'told apart' : 'NOT told apart'}`,
  );
  console.log(
    `  constantTimeEqual   |t| = ${ours.toFixed(1).padStart(8)}  ${ours > threshold ? 'TOLD APART' : 'not told apart'}`,
  );
}

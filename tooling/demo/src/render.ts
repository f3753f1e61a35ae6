import { styleText } from 'node:util';
import type { Scenario } from './scenario.ts';
import type { Outcome, Step, StepCheck } from './step.ts';

/** Writes the demo for people: one line a step, one line a group of checks, a table at the end. */
export interface Renderer {
  heading(scenario: Scenario): string;
  step(step: Step): string;
  outcome(outcome: Outcome): string;
  table(outcomes: readonly Outcome[]): string;
}

type Style = Parameters<typeof styleText>[0];

/** @param colour Whether the reader is a terminal that wants colour. */
export function createRenderer({ colour }: { readonly colour: boolean }): Renderer {
  const paint = (style: Style, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;

  function verdict({ status = 0, checks }: Step): string {
    const refused = status >= 400 || checks.some(({ ok }) => !ok);
    return paint(refused ? 'red' : 'green', String(status));
  }

  function check({ name, ok, detail }: StepCheck): string {
    const note = detail === undefined ? '' : ` (${detail})`;
    return ok ? `${paint('green', '✓')} ${name}${note}` : `${paint('red', '✗')} ${paint('bold', name)}${note}`;
  }

  return {
    heading: ({ provider, title }) => `\n${paint('bold', provider)}  ${paint('dim', title)}`,
    step(step) {
      const number = String(step.number).padStart(4);
      const exchange = step.status !== undefined;
      const who = (exchange ? `${step.from} → ${step.to}` : step.from).padEnd(26);
      const time = paint('dim', `${step.ms.toFixed(1)} ms`.padStart(9));
      const lines = [`${number}  ${who} ${exchange ? `${step.what.padEnd(54)} ${verdict(step)} ${time}` : step.what}`];
      if (step.tampered) lines.push(`      ${paint('yellow', '⚠ one byte of this request was changed on the wire')}`);
      if (step.checks.length > 0) lines.push(`      ${step.checks.map(check).join('  ')}`);
      return lines.join('\n');
    },
    outcome(outcome) {
      return outcome.ok
        ? outcome.proved.map((sentence) => `      ${paint('green', '●')} ${sentence}`).join('\n')
        : `      ${paint('red', '✗ caught:')} ${outcome.caught ?? ''}`;
    },
    table(outcomes) {
      const rows = outcomes.map(({ provider, ok, steps, ms, proved, caught }) =>
        [
          provider.padEnd(10),
          ok ? paint('green', 'passed') : paint('red', 'failed'),
          `${steps.length} steps`.padStart(9),
          `${ms.toFixed(0)} ms`.padStart(8),
          ` ${ok ? proved.join(' · ') : `caught: ${caught ?? ''}`}`,
        ].join('  '),
      );
      return ['', paint('bold', 'What was proved'), ...rows.map((row) => `  ${row}`), ''].join('\n');
    },
  };
}

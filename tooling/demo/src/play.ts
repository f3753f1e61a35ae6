import { describeError } from './describe-error.ts';
import type { Scenario } from './scenario.ts';
import { createStage } from './stage.ts';
import type { Outcome, Step } from './step.ts';

/** Plays one scenario on a stage of its own, with servers that are gone afterwards. */
export async function play(
  scenario: Scenario,
  options: { readonly broken: boolean; readonly onStep: (step: Step) => void },
): Promise<Outcome> {
  const { provider } = scenario;
  const stage = createStage({ provider, onStep: options.onStep, tamper: options.broken ? scenario.tamper : undefined });
  const startedMs = performance.now();
  let proved: readonly string[] = [];
  let caught: string | undefined;
  try {
    proved = await scenario.play(stage);
    if (options.broken) caught = `nobody noticed that ${scenario.broken} was changed`;
  } catch (error) {
    caught = describeError(error);
  } finally {
    await stage.close();
  }
  const ms = performance.now() - startedMs;
  return { provider, ok: caught === undefined, steps: stage.steps, proved, caught, ms };
}

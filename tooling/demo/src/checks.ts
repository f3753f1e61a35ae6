import type { Journal } from '@x/http/emulator';
import type { StepCheck } from './step.ts';

/** Finds the journal's entry of the exchange that has just begun; what was checked is read when it has ended. */
export function observeJournal(journal: () => Journal): () => () => readonly StepCheck[] {
  return () => {
    const entry = journal().entries.at(-1);
    return () => entry?.checks ?? [];
  };
}

/** Collects what the product app's own code reports until the step that it belongs to is noted. */
export interface CheckCollector {
  add(check: StepCheck): void;
  take(): readonly StepCheck[];
}

export function createCheckCollector(): CheckCollector {
  let collected: StepCheck[] = [];
  return {
    add: (check) => void collected.push(check),
    take() {
      const taken = collected;
      collected = [];
      return taken;
    },
  };
}

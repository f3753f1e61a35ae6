/** Runs one check of a row. A check that throws has failed, and the row goes on with the next. */
export type Check = (name: string, run: () => unknown) => Promise<void>;

/** Counts checks and prints a line for each row of them. */
export interface Ledger {
  readonly passed: number;
  readonly failed: number;
  /** Prints a heading. */
  heading(text: string): void;
  /** Runs the checks of one row, then prints what it noted, how many held and how long they took. */
  row(label: string, body: (check: Check, note: (text: string) => void) => Promise<void>): Promise<void>;
}

/** Makes an empty ledger. */
export function createLedger({
  print = console.log,
  nowMs = () => performance.now(),
}: {
  readonly print?: (line: string) => void;
  readonly nowMs?: () => number;
} = {}): Ledger {
  const startedMs = nowMs();
  const count = { passed: 0, failed: 0 };
  return {
    get passed() {
      return count.passed;
    },
    get failed() {
      return count.failed;
    },
    heading(text) {
      print(`\n${text.padEnd(70)} ${seconds(nowMs() - startedMs).padStart(8)}`);
    },
    async row(label, body) {
      const beganMs = nowMs();
      const failures: string[] = [];
      const notes: string[] = [];
      let held = 0;
      const fail = (name: string, error: unknown): void => {
        failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      };
      const check: Check = async (name, run) => {
        try {
          await run();
          held += 1;
        } catch (error) {
          fail(name, error);
        }
      };
      try {
        await body(check, (text) => {
          notes.push(text);
        });
      } catch (error) {
        fail('what the checks need', error);
      }
      count.passed += held;
      count.failed += failures.length;
      const verdict = failures.length === 0 ? `${held} passed` : `${held} passed, ${failures.length} FAILED`;
      print(`  ${label.padEnd(22)} ${notes.join(', ').padEnd(64)} ${verdict.padEnd(12)} ${seconds(nowMs() - beganMs)}`);
      for (const failure of failures) print(`      FAILED  ${failure.replaceAll('\n', '\n      ')}`);
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A number of bytes as a reader takes it in. */
export function kilo(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}

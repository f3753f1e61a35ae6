import type { Clock } from '@x/crypto/light';
import { redactPath } from '../redact.ts';

/** One thing that an emulator checked. */
export interface Check {
  /** What was checked, in the provider's words: `signature`, `timestamp`. */
  readonly name: string;
  readonly ok: boolean;
  /** What was seen, without secrets. */
  readonly detail?: string | undefined;
}

/** One exchange, as the emulator saw it. */
export interface JournalEntry {
  /** From 1, in order of arrival. */
  readonly number: number;
  /** By the emulator's clock, milliseconds since 1970. */
  readonly atMs: number;
  /** `in`: the emulator was called; `out`: it called. */
  readonly direction: 'in' | 'out';
  readonly method: string;
  /** Without query; segments that may be tokens are masked. */
  readonly path: string;
  /** The answer's status; undefined while it is under way and when the connection was dropped. */
  readonly status: number | undefined;
  readonly checks: readonly Check[];
  /** What the other side did that works but should not be done: a secret in a URL, a nonce used twice. */
  readonly warnings: readonly string[];
}

/** A call that an emulator made itself. */
export interface OutgoingRecord {
  readonly method: string;
  readonly url: string | URL;
  readonly status: number | undefined;
  readonly checks?: readonly Check[] | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** Everything that an emulator saw and what it made of it. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Notes a call that the emulator made itself. */
  record(call: OutgoingRecord): JournalEntry;
  /** All warnings so far, in order: empty when the other side behaved. */
  warnings(): readonly string[];
  clear(): void;
}

/** An entry that is still being written. */
export interface OpenEntry extends JournalEntry {
  status: number | undefined;
  readonly checks: Check[];
  readonly warnings: string[];
}

/** The journal as the scaffold sees it: it opens an entry and fills it while the exchange runs. */
export interface WritableJournal extends Journal {
  open(direction: 'in' | 'out', method: string, path: string): OpenEntry;
}

export function createJournal(clock: Clock): WritableJournal {
  const entries: OpenEntry[] = [];
  let count = 0;

  function open(direction: 'in' | 'out', method: string, path: string): OpenEntry {
    count += 1;
    const entry: OpenEntry = {
      number: count,
      atMs: clock(),
      direction,
      method,
      path: redactPath(path),
      status: undefined,
      checks: [],
      warnings: [],
    };
    entries.push(entry);
    return entry;
  }

  return {
    entries,
    open,
    record({ method, url, status, checks = [], warnings = [] }) {
      const entry = open('out', method, new URL(url).pathname);
      entry.status = status;
      entry.checks.push(...checks);
      entry.warnings.push(...warnings);
      return entry;
    },
    warnings: () => entries.flatMap((entry) => entry.warnings),
    clear() {
      entries.length = 0;
    },
  };
}

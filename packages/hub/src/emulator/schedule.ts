import type { Link } from './registry.ts';

/** A call that is due. */
export interface Due {
  readonly link: Link;
  readonly kind: 'notifications' | 'timeline';
}

/** What Hub has still to ask. */
export interface Schedule {
  /** Asks everything anew, as if the user had just opened the app. */
  push(link: Link): void;
  /** Asks anew at that moment; undefined forgets what was planned. */
  refresh(link: Link, kind: Due['kind'], atMs: number | undefined): void;
  /** Takes what is due. */
  takeDue(nowMs: number): readonly Due[];
  /** Runs a call, and knows of it meanwhile. */
  during<Value>(link: Link, run: () => Promise<Value>): Promise<Value>;
  isAsking(link: Link): boolean;
}

/** Makes an empty schedule. @see Hub fact sheet §3.2 "Effect of push", §5.2 */
export function createSchedule(): Schedule {
  const pushed = new Map<string, Link>();
  const refreshes = new Map<string, Due & { readonly atMs: number }>();
  const asking: string[] = [];

  return {
    push: (link) => void pushed.set(keyOf(link), link),
    refresh(link, kind, atMs) {
      const key = `${kind} ${keyOf(link)}`;
      if (atMs === undefined) refreshes.delete(key);
      else refreshes.set(key, { link, kind, atMs });
    },
    takeDue(nowMs) {
      const due: Due[] = [...pushed.values()].flatMap((link) => [
        { link, kind: 'notifications' },
        { link, kind: 'timeline' },
      ]);
      for (const [key, { link, kind, atMs }] of refreshes) {
        if (atMs > nowMs) continue;
        refreshes.delete(key);
        if (!pushed.has(keyOf(link))) due.push({ link, kind });
      }
      pushed.clear();
      return due;
    },
    async during(link, run) {
      const key = keyOf(link);
      asking.push(key);
      try {
        return await run();
      } finally {
        asking.splice(asking.indexOf(key), 1);
      }
    },
    isAsking: (link) => asking.includes(keyOf(link)),
  };
}

function keyOf({ app, username }: Link): string {
  return JSON.stringify([app.name, username]);
}

// Who waits for what: a key is told when something about it has changed. Nothing is kept; whoever waits looks first.

export interface Notices {
  tell(key: string): void;
  /**
   * Looks, and looks again after each notice, until there is something to return. Rejects with the signal's reason,
   * and returns `undefined` once `deadline` (milliseconds since the epoch) has passed.
   */
  until<T>(key: string, look: () => T | undefined, options: WaitOptions): Promise<T | undefined>;
}

export interface WaitOptions {
  signal: AbortSignal;
  deadline?: number | undefined;
  now: () => number;
}

/** The longest that a timer can run. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createNotices(): Notices {
  const waiters = new Map<string, Set<() => void>>();

  const once = (key: string, ms: number | undefined, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const set = waiters.get(key) ?? new Set();
      waiters.set(key, set);
      const timer = ms === undefined ? undefined : setTimeout(done, Math.min(ms, LONGEST_TIMER_MS));
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        set.delete(done);
        if (set.size === 0 && waiters.get(key) === set) waiters.delete(key);
        resolve();
      }
      set.add(done);
      signal.addEventListener('abort', done);
    });

  return {
    tell(key) {
      for (const done of [...(waiters.get(key) ?? [])]) done();
    },
    async until(key, look, { signal, deadline, now }) {
      for (;;) {
        signal.throwIfAborted();
        const found = look();
        if (found !== undefined) return found;
        const left = deadline === undefined ? undefined : deadline - now();
        if (left !== undefined && left <= 0) return undefined;
        await once(key, left, signal);
      }
    },
  };
}

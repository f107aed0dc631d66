// Wakes those who wait for a change of a stack or a callback. Notices are not stored, so a waiter looks at the state
// first and again after each notice.

/** A key is a stack's id or `noticeOf` a callback. */
export interface Notices {
  /** Wakes everyone who waits for the key. */
  notify(key: string): void;
  /**
   * Calls `look` now and after each notice, until it returns a value. Rejects with the signal's reason when it aborts.
   * Resolves to `undefined` when `deadline` passes.
   */
  until<T>(key: string, look: () => T | undefined, options: WaitOptions): Promise<T | undefined>;
}

/** How long to wait. */
export interface WaitOptions {
  signal: AbortSignal;
  /** In milliseconds, by the clock of `now`. */
  deadline?: number | undefined;
  now: () => number;
}

/** Node's limit. A longer wait looks again in between. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The notices of one instance. */
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
    notify(key) {
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

// Tells those who wait that a task has changed.

/** Wakes waiting requests. */
export interface Changes {
  notify(): void;
  /** Resolves at the next change, at the latest after `limitMs`. */
  next(limitMs?: number): Promise<void>;
}

/** Nobody waits at first. */
export function createChanges(): Changes {
  let waiting: (() => void)[] = [];
  return {
    notify() {
      for (const wake of waiting.splice(0)) wake();
    },
    next(limitMs) {
      return new Promise((resolve) => {
        const timer = limitMs === undefined ? undefined : setTimeout(done, limitMs);
        function done() {
          clearTimeout(timer);
          waiting = waiting.filter((one) => one !== done);
          resolve();
        }
        waiting.push(done);
      });
    },
  };
}

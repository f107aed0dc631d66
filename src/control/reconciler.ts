// The reconcile loop: a set of keys, each with at most one pass at a time. It is level-triggered: a key says only that
// something may have changed, and the pass observes the current state itself. A key that is woken during its pass gets
// another pass. A failed pass is retried with exponential backoff, from 50 ms to 5 s.

import type { Log } from '../kernel/log.ts';

/** Whether the key needs another pass after some time even if it is not woken. */
export interface ReconcileResult {
  /** Milliseconds. */
  lookAgainAfterMs?: number;
}

/** One pass over a key. `signal` aborts when the reconciler stops. */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult | undefined>;

/** Runs passes over keys. */
export interface Reconciler {
  /** Requests a pass over the key. It is cheap and never throws. */
  wake(key: string): void;
  /** Resolves when no pass is running. Timers for later passes do not count. For tests and shutdown. */
  idle(): Promise<void>;
  /** Aborts the running passes, waits for them, and starts no more. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 5_000;

interface KeyState {
  running: boolean;
  again: boolean;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

/** `name` identifies the reconciler in the log. */
export function createReconciler(options: { name: string; reconcile: Reconcile; log: Log }): Reconciler {
  const { reconcile } = options;
  const log = options.log.child({ reconciler: options.name });
  const keys = new Map<string, KeyState>();
  const stopping = new AbortController();
  let active = 0;
  let waiters: (() => void)[] = [];

  function wake(key: string): void {
    if (stopping.signal.aborted) return;
    let state = keys.get(key);
    if (!state) keys.set(key, (state = { running: false, again: false, failures: 0, timer: undefined }));
    if (state.running) state.again = true;
    else void run(key, state);
  }

  async function run(key: string, state: KeyState): Promise<void> {
    clearTimeout(state.timer);
    state.timer = undefined;
    state.running = true;
    active++;
    let lookAgainAfterMs: number | undefined;
    do {
      state.again = false;
      try {
        lookAgainAfterMs = (await reconcile(key, stopping.signal))?.lookAgainAfterMs;
        state.failures = 0;
      } catch (error) {
        if (stopping.signal.aborted) break;
        lookAgainAfterMs = Math.min(FIRST_RETRY_MS * 2 ** state.failures++, LAST_RETRY_MS);
        log.warn({ key, err: error, lookAgainAfterMs }, 'a reconcile pass failed; it will be retried');
      }
    } while (state.again && !stopping.signal.aborted);
    state.running = false;
    active--;
    if (!stopping.signal.aborted && lookAgainAfterMs !== undefined) {
      state.timer = setTimeout(() => wake(key), lookAgainAfterMs);
    } else if (state.failures === 0) {
      keys.delete(key);
    }
    if (active === 0) for (const done of waiters.splice(0)) done();
  }

  const idle = () =>
    active === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiters.push(resolve));

  return {
    wake,
    idle,
    async stop() {
      stopping.abort();
      for (const state of keys.values()) clearTimeout(state.timer);
      await idle();
      keys.clear();
      waiters = [];
    },
  };
}

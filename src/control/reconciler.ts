// The loop that makes things true: a set of keys, each worked on by at most one worker at a time.
// Level-triggered: a key says only *that* something may have changed; the work looks for itself what is.
//
// A key woken while it is worked on runs once more afterwards. A failure is tried again with growing pauses.

import type { Log } from '../kernel/log.ts';

/** What a pass asks for: nothing more, or another look after a while even when nobody wakes the key. */
export interface ReconcileResult {
  /** Milliseconds. */
  lookAgainAfterMs?: number;
}

export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult | undefined>;

export interface Reconciler {
  /** Queues the key; cheap, and never throws. */
  wake(key: string): void;
  /** Resolves when no key is queued or worked on; timers for a later look do not count. For tests and shutdown. */
  idle(): Promise<void>;
  /** Starts no more work, aborts the signal of what runs, and waits for it. */
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
        log.warn({ key, err: error, lookAgainAfterMs }, 'reconcile failed; trying again');
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

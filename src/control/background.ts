// Work in the background of a service: one piece after another, now or at intervals, until the service stops.

import type { Log } from '../kernel/log.ts';

/** Runs pieces of work in the order in which they were added. */
export interface Background {
  /** Long work looks at it between its batches, and ends early. */
  readonly isStopped: boolean;
  /** Resolves when the work has ended; it never rejects. After `stop` no work begins. */
  add(work: () => Promise<void>): Promise<void>;
  /** Adds the work now and then at every interval. Call it once. */
  repeat(work: () => Promise<void>, everyMs: number): void;
  /** Resolves once no work is running. */
  stop(): Promise<void>;
}

/** `failure` is what the log says of work that rejects. */
export function createBackground({ log, failure }: { log: Log; failure: string }): Background {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let working: Promise<void> = Promise.resolve();

  function add(work: () => Promise<void>): Promise<void> {
    working = working
      .then(() => (isStopped ? undefined : work()))
      .catch((error) => log.error({ err: error }, failure));
    return working;
  }

  return {
    get isStopped() {
      return isStopped;
    },
    add,
    repeat(work, everyMs) {
      void add(work);
      timer = setInterval(() => void add(work), everyMs).unref();
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await working;
    },
  };
}

// Group commit: changes of the same moment share one transaction, because a commit costs more than most changes. Each
// change still fails alone.

import { OperationalError } from '../kernel/errors.ts';
import type { Store } from './store.ts';

interface Job {
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
}

/** How many changes run in one turn of the event loop. */
const MOST_AT_ONCE = 32;

/** Collects changes and commits them together. */
export class GroupCommit {
  readonly #store: Store;
  #waiting: Job[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Runs `work` in this or one of the next turns of the event loop, and resolves with its result after the commit.
   * Rejects with what `work` throws.
   */
  async change<T>(work: () => T): Promise<T> {
    let result: { value: T } | undefined;
    await new Promise<void>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ run: () => void (result = { value: work() }), resolve, reject });
    });
    return result!.value;
  }

  #flush(): void {
    const jobs = this.#waiting.splice(0, MOST_AT_ONCE);
    if (this.#waiting.length > 0) setImmediate(() => this.#flush());
    const done: Job[] = [];
    try {
      this.#store.transaction(() => {
        for (const job of jobs) if (this.#attempt(job)) done.push(job);
      });
    } catch (error) {
      // Rejecting a job that already failed by itself has no effect.
      for (const job of jobs) job.reject(error);
      return;
    }
    for (const job of done) job.resolve();
  }

  #attempt(job: Job): boolean {
    try {
      this.#store.attempt(() => job.run());
      return true;
    } catch (error) {
      // A failure of the host concerns all jobs.
      if (error instanceof OperationalError) throw error;
      job.reject(error);
      return false;
    }
  }
}

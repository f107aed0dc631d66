// Changes that wait for each other, a moment at most, so that many of them are one transaction: a commit costs more than
// what most of them do. Each still fails alone.

import { OperationalError } from '../kernel/errors.ts';
import type { Store } from './store.ts';

interface Job {
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
}

/** So many are done in one turn of the event loop. */
const MOST_AT_ONCE = 32;

export class GroupCommit {
  readonly #store: Store;
  #waiting: Job[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /** Runs `work` within this turn of the event loop or the next ones, and resolves when it is committed. */
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
      // Those that failed by themselves were told already; to reject them again does nothing.
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
      // What the machine lacks is lacking for all.
      if (error instanceof OperationalError) throw error;
      job.reject(error);
      return false;
    }
  }
}

// The storage of DynamoDB: tables and their items in one database, and the transactions that change them. Changes of the
// same moment share a transaction, because a commit costs more than most changes.

import { Fault } from '../../../wire/fault.ts';
import { openItemDatabase } from './database.ts';
import { openTables, type Tables } from './tables.ts';
import { openTallies } from './tallies.ts';
import { openTokens, type Tokens } from './tokens.ts';

/** The open storage. */
export interface Storage {
  tables: Tables;
  tokens: Tokens;
  /**
   * Runs `work` in this or one of the next turns of the event loop, in a transaction that it shares with others, and
   * resolves with its result after the commit. `work` throws a Fault only before its first write. Rejects with what it
   * throws, or with an OperationalError.
   */
  change<T>(work: () => T): Promise<T>;
  /** Runs `work` in a transaction now. A throw rolls everything back. */
  transaction<T>(work: () => T): T;
  close(): void;
}

interface Job {
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
}

/** How many changes share a transaction at most, and how long it may take. */
const MOST_AT_ONCE = 64;
const LONGEST_MS = 4;

/** Opens or creates the database in this file, or `:memory:`. Throws an OperationalError. */
export function openStorage(file: string): Storage {
  const database = openItemDatabase(file);
  const tallies = openTallies(database);
  const tables = openTables(database, tallies);
  let waiting: Job[] = [];
  let isScheduled = false;

  function transaction<T>(work: () => T): T {
    try {
      const result = database.transaction(() => {
        const made = work();
        tallies.write();
        return made;
      });
      tallies.committed();
      tables.committed();
      return result;
    } catch (error) {
      tallies.rolledBack();
      tables.rolledBack();
      throw error;
    }
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(flush);
  }

  function flush(): void {
    isScheduled = false;
    const jobs = waiting;
    waiting = [];
    const done: Job[] = [];
    let next = 0;
    try {
      transaction(() => {
        const end = performance.now() + LONGEST_MS;
        while (next < jobs.length && next < MOST_AT_ONCE && (next === 0 || performance.now() < end)) {
          const job = jobs[next++]!;
          if (attempt(job)) done.push(job);
        }
      });
      for (const job of done) job.resolve();
    } catch (error) {
      // One of them failed, and all were rolled back. A change that failed by itself was already told so.
      if (done.length > 0) for (const job of done) alone(job);
      const failed = jobs[next - 1];
      if (failed && !done.includes(failed)) failed.reject(error);
    }
    if (next < jobs.length) waiting.unshift(...jobs.slice(next));
    if (waiting.length > 0) schedule();
  }

  function alone(job: Job): void {
    try {
      transaction(() => job.run());
      job.resolve();
    } catch (error) {
      job.reject(error);
    }
  }

  return {
    tables,
    tokens: openTokens(database),
    change<T>(work: () => T) {
      return new Promise<T>((resolve, reject) => {
        let result: T;
        waiting.push({
          run: () => {
            result = work();
          },
          resolve: () => resolve(result),
          reject,
        });
        schedule();
      });
    },
    transaction,
    close() {
      database.close();
    },
  };
}

/** Whether the change was made; a Fault concerns it alone. */
function attempt(job: Job): boolean {
  try {
    job.run();
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    job.reject(error);
    return false;
  }
}

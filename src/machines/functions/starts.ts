// Which invocations get an environment of their own, and when it is started. Few environments start at the same time:
// each start takes most of a processor, and many at once would slow down the environments that answer, so that more
// invocations would need an environment.

import { availableParallelism } from 'node:os';

/** What is known of an environment that is starting. */
export interface Starting {
  /** Resolves when it is ready for its first invocation, or has ended. Never rejects. */
  readonly started: Promise<void>;
}

interface Waiter<E> {
  key: string;
  begin(): E | undefined;
  resolve(environment: E | undefined): void;
}

const MOST_STARTING = Math.max(2, availableParallelism());
/** A start that takes longer waits for something else than a processor, perhaps for another environment. */
const LONGEST_MS = 1_000;

/** Starts of environments `E`. */
export class Starts<E extends Starting> {
  readonly #waiting: Waiter<E>[] = [];
  #starting = 0;

  /** How many invocations wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Starts an environment by `begin`; if many are starting, waits until it may, or until one of this key is idle.
   * Resolves to `undefined` when `begin` returns that.
   */
  async take(key: string, begin: () => E | undefined): Promise<E | undefined> {
    if (this.#starting < MOST_STARTING) return this.#start(begin);
    return new Promise((resolve) => this.#waiting.push({ key, begin, resolve }));
  }

  /** Gives an idle environment to the invocation that has waited longest; returns false when none of its key waits. */
  give(environment: E, key: string): boolean {
    const index = this.#waiting.findIndex((each) => each.key === key);
    if (index < 0) return false;
    this.#waiting.splice(index, 1)[0]!.resolve(environment);
    return true;
  }

  /** Starts at once what waits, of this key or of all. */
  hurry(key?: string): void {
    const all = this.#waiting.splice(0);
    for (const each of all) {
      if (key === undefined || each.key === key) each.resolve(this.#start(each.begin));
      else this.#waiting.push(each);
    }
  }

  #start(begin: () => E | undefined): E | undefined {
    const environment = begin();
    if (!environment) return undefined;
    this.#starting++;
    let isStarting = true;
    const release = () => {
      if (!isStarting) return;
      isStarting = false;
      clearTimeout(timer);
      this.#starting--;
      while (this.#starting < MOST_STARTING && this.#waiting.length > 0) {
        const { begin, resolve } = this.#waiting.shift()!;
        resolve(this.#start(begin));
      }
    };
    const timer = setTimeout(release, LONGEST_MS).unref();
    void environment.started.then(release);
    return environment;
  }
}

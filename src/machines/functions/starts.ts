// Which invocations get an environment of their own, and when it is started. Few environments start at the same time:
// each start takes most of a processor, and many at once would slow down the environments that answer, so that more
// invocations would need one. Invocations that wait take the first environment that is idle.

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
  readonly #hasRoom: () => boolean;
  readonly #waiting: Waiter<E>[] = [];
  #starting = 0;

  /** `hasRoom`: whether there may be another environment. */
  constructor(hasRoom: () => boolean) {
    this.#hasRoom = hasRoom;
  }

  /** How many invocations wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves to an environment that `begin` started, as soon as it may, or to an idle one of this key if that is sooner;
   * to `undefined` when `begin` returns that.
   */
  take(key: string, begin: () => E | undefined): Promise<E | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({ key, begin, resolve });
      this.next();
    });
  }

  /** Gives an idle environment to the invocation that has waited longest; returns false when none of its key waits. */
  give(environment: E, key: string): boolean {
    const index = this.#waiting.findIndex((each) => each.key === key);
    if (index < 0) return false;
    this.#waiting.splice(index, 1)[0]!.resolve(environment);
    return true;
  }

  /** Starts what may be started. Call it when there is room again. */
  next(): void {
    while (this.#waiting.length > 0 && this.#starting < MOST_STARTING && this.#hasRoom()) {
      this.#start(this.#waiting.shift()!);
    }
  }

  /** Starts at once whatever waits, of this key or of all. */
  hurry(key?: string): void {
    for (const each of this.#waiting.splice(0)) {
      if (key === undefined || each.key === key) this.#start(each);
      else this.#waiting.push(each);
    }
  }

  #start({ begin, resolve }: Waiter<E>): void {
    const environment = begin();
    resolve(environment);
    if (!environment) return;
    this.#starting++;
    let isStarting = true;
    const release = () => {
      if (!isStarting) return;
      isStarting = false;
      clearTimeout(timer);
      this.#starting--;
      this.next();
    };
    const timer = setTimeout(release, LONGEST_MS).unref();
    void environment.started.then(release);
  }
}

// Deletions that are blocked by a dependency which the template does not declare, such as a gateway whose network has
// public addresses. AWS retries them while it deletes other resources of the stack. Each is retried whenever another
// deletion has ended, and fails when no other deletion is left to wait for.

/** One attempt at a deletion. */
export interface Attempt {
  isFirst: boolean;
  /** Whether a blocked deletion fails. */
  isLast: boolean;
}

/** The blocked deletions of one step, by key. */
export class BlockedDeletions {
  readonly #waiting = new Set<string>();
  readonly #tried = new Set<string>();
  #isLast = false;

  /** The blocked deletions; they must not start now. */
  get waiting(): ReadonlySet<string> {
    return this.#waiting;
  }

  /** Describes the attempt that starts now. */
  attempt(key: string): Attempt {
    return { isFirst: !this.#tried.has(key), isLast: this.#isLast };
  }

  /** Records that the deletion is blocked. */
  add(key: string): void {
    this.#waiting.add(key);
    this.#tried.add(key);
  }

  /** Another deletion has ended, which may unblock these. */
  retryAll(): void {
    this.#waiting.clear();
    this.#isLast = false;
  }

  /** No other deletion is under way: each gets its last attempt. */
  startLastAttempt(): void {
    this.#waiting.clear();
    this.#isLast = true;
  }
}

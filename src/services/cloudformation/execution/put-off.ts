// Deletions that something stands in the way of which the template does not tell of: a gateway whose network has
// public addresses, a group that another network interface is in. AWS tries them again while others of the stack go;
// so each is tried again whenever one has gone, and has failed when none is left to wait for.

export interface Attempt {
  isFirst: boolean;
  /** Then what is in the way is a failure. */
  isLast: boolean;
}

export class PutOff {
  readonly #waiting = new Set<string>();
  readonly #tried = new Set<string>();
  #isLast = false;

  /** Keys that are not to be begun now. */
  get waiting(): ReadonlySet<string> {
    return this.#waiting;
  }

  attempt(key: string): Attempt {
    return { isFirst: !this.#tried.has(key), isLast: this.#isLast };
  }

  add(key: string): void {
    this.#waiting.add(key);
    this.#tried.add(key);
  }

  /** Something has gone: it may have been what was in the way. */
  somethingWent(): void {
    this.#waiting.clear();
    this.#isLast = false;
  }

  /** Nothing is under way that they could wait for. */
  lastCall(): void {
    this.#waiting.clear();
    this.#isLast = true;
  }
}

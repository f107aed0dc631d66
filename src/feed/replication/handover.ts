// Hands batches from several writers to one reader, in the order in which they come. A writer waits until its batch was
// taken, so each is one batch ahead at most.

/** A queue of bounded length. */
export class Handover<T> {
  readonly #waiting: { item: T; taken: () => void }[] = [];
  #reader: (() => void) | undefined;
  #end: { error?: unknown } | undefined;

  /** Resolves when the reader has taken it, or when the queue has ended. */
  put(item: T): Promise<void> {
    if (this.#end) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ item, taken: resolve });
    this.#reader?.();
    return promise;
  }

  /** Ends the queue; what waits in it is dropped. */
  end(failure?: { error: unknown }): void {
    if (this.#end) return;
    this.#end = failure ?? {};
    for (const { taken } of this.#waiting.splice(0)) taken();
    this.#reader?.();
  }

  /** The next item; `undefined` at the end. Rejects with the failure that ended it. */
  async take(): Promise<T | undefined> {
    for (;;) {
      if (this.#end) {
        if ('error' in this.#end) throw this.#end.error;
        return undefined;
      }
      const first = this.#waiting.shift();
      if (first) {
        first.taken();
        return first.item;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#reader = resolve;
      await promise;
      this.#reader = undefined;
    }
  }
}

// Stops resources in the reverse of the order in which they were started.

/** A resource that holds something until it is stopped. */
export interface Stoppable {
  stop(): Promise<void> | void;
}

/** A stack of started resources. */
export class StopStack {
  readonly #items: Stoppable[] = [];

  /** Registers a started resource and returns it. */
  add<T extends Stoppable>(item: T): T {
    this.#items.push(item);
    return item;
  }

  /** Stops everything, even when one fails. Throws the first failure at the end. */
  async stop(): Promise<void> {
    let failure: unknown;
    for (let item = this.#items.pop(); item; item = this.#items.pop()) {
      try {
        await item.stop();
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure) throw failure;
  }
}

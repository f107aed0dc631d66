// Things that must be given back, in the reverse of the order in which they were taken.

export interface Stoppable {
  stop(): Promise<void> | void;
}

export class StopStack {
  readonly #items: Stoppable[] = [];

  add<T extends Stoppable>(item: T): T {
    this.#items.push(item);
    return item;
  }

  /** Stops everything, even when one fails; the first failure is thrown at the end. */
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

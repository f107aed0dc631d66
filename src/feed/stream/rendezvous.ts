// Hands values from several producers to one consumer, one at a time: a producer goes on once its value was taken, so
// a slow consumer slows all of them and nothing piles up.

/** Values of any number of producers. */
export class Rendezvous<T> {
  readonly #offers: { value: T; taken: () => void }[] = [];
  #wake: (() => void) | undefined;
  #isClosed = false;

  /** Resolves when the value was taken, or will never be because of `close`. */
  put(value: T): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((taken) => {
      this.#offers.push({ value, taken });
      this.#wake?.();
    });
  }

  /** The next value; `undefined` after `close`. One call at a time. */
  async take(): Promise<T | undefined> {
    while (!this.#isClosed) {
      const offer = this.#offers.shift();
      if (offer) {
        offer.taken();
        return offer.value;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
    return undefined;
  }

  close(): void {
    this.#isClosed = true;
    for (const { taken } of this.#offers.splice(0)) taken();
    this.#wake?.();
  }
}

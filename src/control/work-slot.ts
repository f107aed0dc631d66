// A piece of work in the background, begun once: what the plan sees of it, and its result.

/** Not begun, being done, done, or failed with a reason for people. */
export type Work = 'none' | 'working' | 'done' | { failed: string };

/** Work with a result of type `T`. */
export class WorkSlot<T> {
  #state: Work = 'none';
  #result: T | undefined;
  #running: Promise<void> = Promise.resolve();

  get state(): Work {
    return this.#state;
  }

  /** `undefined` until it is done. */
  get result(): T | undefined {
    return this.#result;
  }

  /**
   * Begins it unless it was begun. A rejection becomes its failure, worded by `reasonOf`. `settled` is called when it has
   * ended, with the error if it failed.
   */
  begin(
    run: () => Promise<T>,
    reasonOf: (error: unknown) => string,
    settled: (error?: unknown) => void,
  ): void {
    if (this.#state !== 'none') return;
    this.#state = 'working';
    this.#running = run().then(
      (result) => {
        this.#result = result;
        this.#state = 'done';
        settled();
      },
      (error) => {
        this.#state = { failed: reasonOf(error) };
        settled(error);
      },
    );
  }

  /** Resolves when nothing is being done. */
  idle(): Promise<void> {
    return this.#running;
  }
}

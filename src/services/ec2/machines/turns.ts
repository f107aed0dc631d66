// Lets only a few pieces of work run at the same time; the others wait in order.

/** A queue of work. */
export interface Turns {
  /** Runs the work when it is its turn. Settles as the work does. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

/** `most` at the same time. */
export function createTurns(most: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async take(work) {
      if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else running++;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running--;
      }
    },
  };
}

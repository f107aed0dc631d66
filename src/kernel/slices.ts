// Long work in slices, so that the event loop gets to everything else in between.

import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a slice goes on before it is left at the next step. */
const SLICE_MS = 8;

/** The slices of one piece of work. A step between two pauses is as long as it is: keep it well below a slice. */
export class Slices {
  #end = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** To be awaited between steps; gives way once a slice is used up. */
  async pause(): Promise<void> {
    if (!this.isOver) return;
    await nextTurn();
    this.#end = performance.now() + SLICE_MS;
  }
}

/** Carries out the steps of a generator to their end. */
export async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
  const slices = new Slices();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (slices.isOver) await slices.pause();
  }
}

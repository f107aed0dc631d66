// Long work in slices: other work of the event loop goes on between them.

import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a slice goes on before it is left at the next step. */
const SLICE_MS = 8;

/** Carries out the steps to their end. A step is as long as it is: keep each well below a slice. */
export async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await nextTurn();
    since = performance.now();
  }
}

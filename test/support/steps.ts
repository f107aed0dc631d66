// Runs steps, as `inSlices` takes them, at once.

/** The result of the last step. */
export function atOnce<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

// How long work may hold the event loop in one of its turns: what arrives, and long work in slices. A poll hands over up
// to a thousand sockets at once, and no timer fires before the last of them: what comes after the budget is spent waits
// for the next turn.

/** Short beside the intervals of health checks; long beside one request, so that waiting is the exception. */
const BUDGET_MS = 8;
/** Of what waits, begun in one turn at most. */
const BATCH = 128;

let startedAt: number | undefined;
let waiting: (() => void)[] = [];
let next = 0;

/** Whether no more work should begin in this turn. The first question of a turn starts its clock. */
export function isTurnSpent(): boolean {
  if (next < waiting.length) return true;
  if (startedAt !== undefined) return performance.now() - startedAt > BUDGET_MS;
  startedAt = performance.now();
  setImmediate(endTurn);
  return false;
}

/** Runs `work` now, or in a later turn, in the order in which it was asked for. `work` must not throw. */
export function inTurn(work: () => void): void {
  if (isTurnSpent()) waiting.push(work);
  else work();
}

/**
 * For long work, between its steps, and before work begins: something to await only where this turn's budget is spent.
 * A step between two of them is as long as it is: keep it well below the budget.
 */
export function turnEnd(): Promise<void> | undefined {
  return isTurnSpent() ? new Promise((resolve) => waiting.push(resolve)) : undefined;
}

/** Carries out the steps of a generator to their end. A step is as long as it is: keep it well below the budget. */
export async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (isTurnSpent()) await turnEnd();
  }
}

function endTurn(): void {
  startedAt = undefined;
  const count = Math.min(waiting.length - next, BATCH);
  if (count === 0) return;
  // An immediate each: between them the microtasks run in which promises go on, so that those are counted as well.
  for (let index = 0; index < count; index++) setImmediate(runNext);
  setImmediate(endTurn);
}

function runNext(): void {
  startedAt ??= performance.now();
  if (performance.now() - startedAt > BUDGET_MS) return;
  const work = waiting[next++]!;
  if (next === waiting.length) {
    waiting = [];
    next = 0;
  }
  work();
}

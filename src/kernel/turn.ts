// How long work may hold the event loop in one turn. One poll can deliver up to a thousand sockets, and no timer fires
// before the last of them is handled. Work that comes after the turn's budget is spent waits for the next turn; long
// work runs in slices.

/** Short compared with the interval of health checks, long compared with one request, so that waiting is rare. */
const BUDGET_MS = 8;
/** How many waiting calls start in one turn at most. */
const BATCH = 128;

let startedAt: number | undefined;
let waiting: (() => void)[] = [];
let next = 0;

/** Whether the budget of this turn is spent. The first call in a turn starts its clock. */
export function isTurnSpent(): boolean {
  if (next < waiting.length) return true;
  if (startedAt !== undefined) return performance.now() - startedAt > BUDGET_MS;
  startedAt = performance.now();
  setImmediate(endTurn);
  return false;
}

/** Runs `work` now or in a later turn, in the order of the calls. `work` must not throw. */
export function inTurn(work: () => void): void {
  if (isTurnSpent()) waiting.push(work);
  else work();
}

/**
 * For the steps of long work: returns a promise to await only when the budget of this turn is spent. A single step is
 * not interrupted: keep it well below the budget.
 */
export function turnEnd(): Promise<void> | undefined {
  return isTurnSpent() ? new Promise((resolve) => waiting.push(resolve)) : undefined;
}

/**
 * Runs a generator to its end, with turns of the event loop between its steps, and resolves to its result. A single
 * step is not interrupted: keep it well below the budget.
 */
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
  // One immediate per call: microtasks run between immediates, so that promise continuations count against the budget
  // too.
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

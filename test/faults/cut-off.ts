// Cutting Millpond off with SIGKILL in the middle of what it does: a chosen time after a call, or when it begins a
// chosen step of its plan.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MillpondProcess } from './millpond-process.ts';
import { during } from './wait.ts';

/** Whether the call was answered before the end came. */
export type Outcome = 'answered' | 'cut off';

export async function cutOffAfter(
  millpond: MillpondProcess,
  delayMs: number,
  call: () => Promise<unknown>,
): Promise<Outcome> {
  const outcome = settle(call());
  await during(delayMs);
  await millpond.kill9();
  const verdict = await outcome;
  await millpond.start();
  return verdict;
}

/** How long Millpond may be without a new step before it counts as done. */
const STEP_LIMIT_MS = 4_000;

/**
 * At the instant at which it says that it begins its `step`th round of actions after the call. `undefined` when it
 * had none left to begin.
 */
export async function cutOffAtStep(
  millpond: MillpondProcess,
  step: number,
  call: () => Promise<unknown>,
  isDone: () => Promise<boolean>,
): Promise<Outcome | undefined> {
  const before = roundsOf(millpond);
  const log = join(millpond.dataDir, 'millpond.log');
  let size = statSync(log).size;
  const outcome = settle(call());
  let deadline = performance.now() + STEP_LIMIT_MS;
  let nextLook = performance.now() + 100;
  while (performance.now() < deadline) {
    await nextTurn();
    const grown = statSync(log).size;
    if (grown !== size) {
      size = grown;
      deadline = performance.now() + STEP_LIMIT_MS;
      if (roundsOf(millpond) - before >= step) {
        await millpond.kill9();
        const verdict = await outcome;
        await millpond.start();
        return verdict;
      }
    } else if (performance.now() > nextLook) {
      if (await isDone()) break;
      nextLook = performance.now() + 100;
    }
  }
  await outcome;
  return undefined;
}

const roundsOf = (millpond: MillpondProcess): number =>
  millpond.logLines().filter(({ msg }) => msg === 'acting').length;

/** A fault of the API is an error of the program; a connection that ended is what was wanted. */
async function settle(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call;
    return 'answered';
  } catch (error) {
    if ((error as { $fault?: string }).$fault) throw error;
    return 'cut off';
  }
}

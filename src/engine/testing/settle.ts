// Waits for a condition in tests: returns as soon as it holds, never after a fixed time.

import { setTimeout as pause } from 'node:timers/promises';

const LIMIT_MS = 60_000;

/** Resolves with the first result that is neither false nor undefined; rejects, naming `what`, after a minute. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
): Promise<Exclude<NonNullable<T>, false>> {
  const deadline = performance.now() + LIMIT_MS;
  let failure: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== false && found !== undefined && found !== null) {
        return found as Exclude<NonNullable<T>, false>;
      }
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) throw new Error(`did not happen: ${what}`, { cause: failure });
    await pause(5);
  }
}

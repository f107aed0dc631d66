// Waiting in fault programs: for a condition as soon as it holds, with the time that it took as the result.

import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;

/**
 * Milliseconds until `look` gives true. Rejects after `limitMs` with what `look` said last: it may give a sentence
 * that says what is still missing.
 */
export async function until(
  what: string,
  limitMs: number,
  look: () => boolean | string | Promise<boolean | string>,
): Promise<number> {
  const startedAt = performance.now();
  let missing: unknown = '';
  for (;;) {
    try {
      const verdict = await look();
      if (verdict === true) return performance.now() - startedAt;
      missing = verdict || '';
    } catch (error) {
      missing = error;
    }
    if (performance.now() - startedAt > limitMs) {
      throw new Error(`not within ${limitMs} ms: ${what}. ${missing}`, { cause: missing });
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** Fault programs act at chosen moments and watch for chosen times: this is a moment, not a wait for something. */
export const during = (ms: number): Promise<void> => pause(ms);

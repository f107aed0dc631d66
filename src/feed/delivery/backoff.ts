// How long to wait before something is tried again. Pure.

const FIRST_MS = 50;
const LONGEST_MS = 30_000;

/**
 * Grows from 50 ms to 30 s; `random` is from 0 to 1 and takes up to half away. `attempts` counts those that failed. What
 * fails during an outage waits as long as that has lasted, because it will be tried at once when the outage ends.
 */
export function backoffMs(attempts: number, random: number, outageMs = 0): number {
  const own = FIRST_MS * 2 ** Math.min(attempts - 1, 20);
  return Math.min(LONGEST_MS, Math.max(own, outageMs)) * (1 - random / 2);
}

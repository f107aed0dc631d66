// How long to wait before something is tried again. Pure.

const FIRST_MS = 50;
const LONGEST_MS = 30_000;

/** Grows from 50 ms to 30 s; `random` is from 0 to 1 and takes up to half away. `attempts` counts those that failed. */
export function backoffMs(attempts: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
  return whole * (1 - random / 2);
}

// Does work at the beginning of every minute, for metrics of the minute that has just ended.

import type { Clock } from '../../../kernel/clock.ts';

const MINUTE_MS = 60_000;
const EARLY_MS = 1_000;

/** Returns a function that ends it, and waits for the work that is under way. The work never rejects. */
export function everyMinute(clock: Clock, work: () => Promise<void>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let isStopped = false;

  function wait(): void {
    if (isStopped) return;
    const untilMs = minuteOf(clock.now()) + MINUTE_MS - clock.now();
    timer = setTimeout(() => {
      working = work();
      void working.then(wait);
    }, untilMs).unref();
  }

  wait();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await working;
  };
}

/** The beginning of the minute; of the next one when that is less than a second away, because timers may fire early. */
const minuteOf = (now: number): number => Math.floor((now + EARLY_MS) / MINUTE_MS) * MINUTE_MS;

/** The beginning of the minute that has just ended. */
export const endedMinute = (now: number): Date => new Date(minuteOf(now) - MINUTE_MS);

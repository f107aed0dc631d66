// Virtual time for tests of deliveries: timers and dates stand still until a test lets time pass.

import { mock } from 'node:test';

/** Stops the time of this process at a date. */
export const stopTime = () => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2024, 0, 1) });

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass, in steps of 10 ms, so that timers which are set meanwhile fire too. */
export async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 10) {
    mock.timers.tick(Math.min(10, left));
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await settle();
}

/** Lets time pass in larger steps. */
export async function passLong(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    mock.timers.tick(Math.min(1_000, left));
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  await settle();
}
